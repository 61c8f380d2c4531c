import { element } from '../dom.js';
export class Card {
  root = element('div', { className: 'tl-pop', hidden: true });
  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    void timeline;
  }
  draw() {}
}
