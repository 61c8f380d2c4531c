import { element } from '../dom.js';
export class Tip {
  root = element('div', { className: 'tl-pop', hidden: true });
  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    void timeline;
  }
  draw() {}
}
