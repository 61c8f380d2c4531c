/** How wide the gutter has to be for the names in it: the style's width, or more, so that "fetch_page #10" is read whole. */
import { labelParts, objectName } from '../run/names.js';

const MOST = 400; // rows that are measured
const ROOM = 0.34; // of the timeline, at most
const WIDEST = 240; // px
const GLYPH = 12;

/** @type {Map<string, number>} */
const measured = new Map();

/** @param {CanvasRenderingContext2D} g @param {string} font @param {string} text */
function widthOf(g, font, text) {
  const key = `${font}|${text}`;
  const known = measured.get(key);
  if (known !== undefined) return known;
  g.font = font;
  const width = g.measureText(text).width;
  if (measured.size > 2000) measured.clear();
  measured.set(key, width);
  return width;
}

/**
 * @param {CanvasRenderingContext2D} g @param {CSSStyleDeclaration} style of the timeline
 * @param {import('../run/recording.js').Recording} run @param {import('./lanes.js').Row[]} rows @param {import('../run/recording.js').Shared[]} tracks
 * @param {{ room: number, short: boolean }} how `room`: px of the whole timeline; `short`: numbers without names
 */
export function namesWidth(g, style, run, rows, tracks, { room, short }) {
  const [base, gap] = ['--gutter', '--gap'].map((name) => parseFloat(style.getPropertyValue(name)) || 0);
  const [plain, bold, mono] = [`12px ${style.fontFamily}`, `600 12px ${style.fontFamily}`, `12px ${style.getPropertyValue('--mono')}`];
  let most = base;
  g.save();
  for (const { task, field, depth } of rows.slice(0, MOST)) {
    const [name, number] = labelParts(run, task || (field?.[0] ?? 0));
    if (!task) {
      most = Math.max(most, gap + 10 + widthOf(g, bold, short && number ? number : `${name} ${number}`) + 10);
      continue;
    }
    // Two digits at once: the tenth of them moves nothing.
    const words = number ? (short ? 0 : widthOf(g, plain, name) + 4) + widthOf(g, bold, number.padEnd(3, '0')) : widthOf(g, plain, name);
    most = Math.max(most, gap + Math.min(depth, 4) * 12 + GLYPH + 7 + words + 8);
  }
  for (const { id, limit } of tracks) {
    const count = String(limit || 0);
    most = Math.max(most, gap + widthOf(g, mono, objectName(run, id)) + widthOf(g, bold, count) + (limit ? widthOf(g, plain, `of ${count}`) : 0) + 18);
  }
  g.restore();
  return Math.ceil(Math.max(base, Math.min(most, WIDEST, room * ROOM)));
}
