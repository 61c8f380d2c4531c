/** Fields: a row of pixels is many tasks. */
/** @param {CanvasRenderingContext2D} g @param {import('./scene.js').Scene} scene @param {import('./palette.js').Colours} c */
export function drawFields(g, scene, c) {
  void [g, scene, c];
}
