/**
 * The network list at a moment.
 * @typedef {object} Request
 * @property {import('./recording.js').Operation} operation
 * @property {'not yet' | 'waiting' | 'body' | 'over' | 'aborted' | 'failed'} state
 * @property {number} status
 * @property {number} from ms
 * @property {number} head ms of the first byte; NaN
 * @property {number} to ms of its end; of the playhead, while it is under way
 */

/** @param {import('./moment.js').Moment} moment */
export function requestsAt({ run, event, time }) {
  /** @type {Request[]} */
  const requests = [];
  let [flying, most, sent, total] = [0, 0, 0, 0];
  /** @type {[event: number, change: number][]} */
  const changes = [];
  for (const operation of run.operations.values()) {
    if (operation.what !== 'fetch') continue;
    total++;
    const { started, answered, last, status } = operation;
    const end = answered >= 0 && last < 0 ? answered : last;
    if (started <= event) {
      sent++;
      changes.push([started, 1]);
      if (end >= 0 && end <= event) changes.push([end, -1]);
    }
    const over = end >= 0 && end <= event;
    const how = over ? run.texts[run.text[end]] : '';
    const head = answered >= 0 && answered <= event ? run.time[answered] : NaN;
    requests.push({
      operation,
      state: started > event ? 'not yet' : !over ? (Number.isNaN(head) ? 'waiting' : 'body') : how === 'failed' ? 'failed' : how === 'aborted' && answered < 0 ? 'aborted' : 'over',
      status,
      from: run.time[started],
      head,
      to: over ? run.time[end] : time,
    });
  }
  changes.sort((a, b) => a[0] - b[0]);
  for (const [, change] of changes) most = Math.max(most, (flying += change));
  return { requests, flying, most, sent, total };
}
