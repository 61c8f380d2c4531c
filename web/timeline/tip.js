import { element } from './parts.js';
export class Tip {
  root = element('div', { className: 'tl-pop', hidden: true });
  /** @param {import('./main.js').Timeline} timeline */
  constructor(timeline) {
    void timeline;
  }
  draw() {}
}
