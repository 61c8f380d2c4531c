/** The page's colours for the canvas: tokens of the style sheet, read through an element, in ink and in pencil. */

const TOKENS = /** @type {const} */ ([
  'paper', 'sheet', 'raised', 'wash', 'rule', 'rule-2', 'edge', 'ink', 'ink-2', 'ink-3', 'now', 'on-now',
  'fetch', 'fetch-fill', 'fetch-body', 'sema', 'sema-fill', 'sema-mid', 'sleep', 'sleep-fill', 'sleep-mid',
  'fail', 'fail-fill', 'cancel', 'cancel-fill', 'join',
]);
const FILLS = /** @type {const} */ (['fetch-fill', 'sema-fill', 'sleep-fill', 'cancel-fill']);
const LINES = /** @type {const} */ (['fetch', 'sema', 'sleep', 'join', 'cancel', 'ink']);

/**
 * @typedef {(typeof TOKENS)[number]} Token
 * @typedef {Record<Token, string> & { line: number, alpha: number, ready: CanvasPattern, stopping: CanvasPattern, queue: CanvasPattern, anchor: (scroll: number) => void }} Colours
 *   `line`: px of an outline; `alpha` of what runs; patterns of hatch, which `anchor` lets scroll with the lanes
 * @typedef {object} Palette
 * @property {Colours} ink
 * @property {Colours} pencil
 * @property {string} font of 11 px
 * @property {(token: Token, alpha: number) => string} fade
 */

/** @param {string} colour as computed @returns {number[]} */
export function channels(colour) {
  const numbers = (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).map(Number);
  return colour.startsWith('color(') ? numbers.map((value, i) => (i < 3 ? value * 255 : value)) : numbers;
}

/** @param {string} colour @param {number} alpha */
function fade(colour, alpha) {
  const [red, green, blue] = channels(colour);
  return `rgba(${red},${green},${blue},${alpha})`;
}

/** Lines that rise to the right. @param {CanvasRenderingContext2D} g @param {string} colour @param {number} gap px @param {number} ratio of device pixels */
function hatch(g, colour, gap, ratio) {
  const size = gap * 4;
  const tile = new OffscreenCanvas(Math.round(size * ratio), Math.round(size * ratio));
  const t = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext('2d'));
  t.scale(tile.width / size, tile.height / size);
  t.strokeStyle = colour;
  t.lineWidth = 1.3;
  for (let d = -size; d <= 2 * size; d += gap) {
    t.moveTo(d - gap, size + gap);
    t.lineTo(d + size + gap, -gap);
  }
  t.stroke();
  const pattern = /** @type {CanvasPattern} */ (g.createPattern(tile, 'repeat'));
  const anchor = (/** @type {number} */ y) => pattern.setTransform(new DOMMatrix().translate(0, -(y % size)).scale(size / tile.width));
  anchor(0);
  return { pattern, anchor };
}

/** What a forced palette leaves: text, its ground, and one colour for what is chosen. @param {Record<Token, string>} c @param {(name: string) => string} read */
function force(c, read) {
  const [text, ground, now] = [read('CanvasText'), read('Canvas'), read('Highlight')];
  for (const token of TOKENS) c[token] = text;
  for (const token of /** @type {const} */ (['paper', 'sheet', 'raised', 'wash', ...FILLS, 'fetch-body', 'sema-mid', 'sleep-mid', 'fail-fill'])) c[token] = ground;
  c.now = now;
  c['on-now'] = read('HighlightText');
}

/** Anew when the theme changes. @param {HTMLElement} probe hidden, in the page @param {CanvasRenderingContext2D} g @returns {Palette} */
export function readPalette(probe, g) {
  const read = (/** @type {string} */ value) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const tokens = /** @type {Record<Token, string>} */ (Object.fromEntries(TOKENS.map((token) => [token, read(`var(--${token})`)])));
  if (matchMedia('(forced-colors: active)').matches) force(tokens, read);
  const more = matchMedia('(prefers-contrast: more)').matches;
  if (more) {
    tokens['ink-3'] = tokens['ink-2'];
    for (const fill of FILLS) tokens[fill] = tokens.sheet;
  }
  const ratio = Math.max(1, devicePixelRatio || 1);
  /** @param {Record<Token, string>} c @param {number} alpha @param {number} queue @returns {Colours} */
  const colours = (c, alpha, queue) => {
    const ready = hatch(g, alpha < 1 ? fade(tokens.now, 0.78) : c.now, 4, ratio);
    const stopping = hatch(g, c.cancel, 4, ratio);
    return {
      ...c,
      alpha,
      line: more ? 2 : 1.25,
      ready: ready.pattern,
      stopping: stopping.pattern,
      queue: hatch(g, fade(tokens.sema, queue), 5, ratio).pattern,
      anchor: (scroll) => [ready, stopping].forEach(({ anchor }) => anchor(scroll)),
    };
  };
  const pencil = { ...tokens };
  for (const fill of FILLS) pencil[fill] = fade(tokens[fill], 0.3);
  pencil['fetch-body'] = fade(tokens['fetch-body'], 0.45);
  for (const mid of /** @type {const} */ (['sema-mid', 'sleep-mid'])) pencil[mid] = fade(tokens[mid], 0.5);
  for (const line of LINES) pencil[line] = fade(tokens[line], 0.78);
  return { ink: colours(tokens, 1, 0.55), pencil: colours(pencil, 0.6, 0.3), font: `11px ${getComputedStyle(probe).fontFamily}`, fade: (token, alpha) => fade(tokens[token], alpha) };
}
