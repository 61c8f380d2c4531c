/** The picture before the first run: one thread that steps down the ruled paper, through the Run button. */

const ROW = 28; // px between the lines of the paper

/** @param {number} y */
const onLine = (y) => Math.round(y / ROW) * ROW - 0.5;

/** A step from one line to the next. @param {number} x @param {number} from @param {number} to @param {number} width */
const step = (x, from, to, width) => `C${x + width * 0.6} ${from} ${x + width * 0.4} ${to} ${x + width} ${to}`;

/** Draws it, now and whenever the pane changes its size. @param {HTMLElement} pane @param {HTMLElement} button @param {SVGPathElement} path */
export function drawThread(pane, button, path) {
  const draw = () => {
    const outer = pane.getBoundingClientRect();
    const through = button.getBoundingClientRect();
    const box = /** @type {HTMLElement} */ (button.parentElement).getBoundingClientRect();
    if (!outer.width) return;
    const y = Math.round(through.top + through.height / 2 - outer.top);
    const margin = box.left - outer.left;
    const narrow = margin < 60;
    const width = narrow ? 20 : Math.min(70, margin * 0.4);
    const first = narrow ? 0 : margin * 0.42;
    const second = outer.width - first - width;
    const [above, below] = narrow ? [onLine(y - 2 * ROW), onLine(y + 2 * ROW)] : [onLine(y - 4 * ROW), onLine(y + 3 * ROW)];
    path.setAttribute('d', `M0 ${above}H${first}${step(first, above, y, width)}H${second}${step(second, y, below, width)}H${outer.width}`);
  };
  new ResizeObserver(draw).observe(pane);
  draw();
}
