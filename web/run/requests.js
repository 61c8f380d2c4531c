/**
 * The network list at a moment.
 * @typedef {object} Request
 * @property {import('./recording.js').Operation} operation
 * @property {'not yet' | 'queued' | 'waiting' | 'body' | 'over' | 'aborted' | 'failed'} state
 * @property {number} status
 * @property {number} from ms, when it was asked for
 * @property {number} sent ms, when it was given to the host; NaN: it has been queued so far
 * @property {number} head ms of the first byte; NaN
 * @property {number} to ms of its end; of the playhead, while it is under way
 */

/** @param {import('./moment.js').Moment} moment */
export function requestsAt({ run, event, time }) {
  /** @type {Request[]} */
  const requests = [];
  let [flying, most, sent, queued, total] = [0, 0, 0, 0, 0];
  /** @type {[event: number, change: number][]} */
  const changes = [];
  for (const operation of run.operations.values()) {
    if (operation.what !== 'fetch') continue;
    total++;
    const { started, sent: given, answered, last, status } = operation;
    const end = answered >= 0 && last < 0 ? answered : last;
    const isSent = given >= 0 && given <= event;
    if (isSent) {
      sent++;
      changes.push([given, 1]);
      if (end >= 0 && end <= event) changes.push([end, -1]);
    }
    const over = end >= 0 && end <= event;
    if (started <= event && !isSent && !over) queued++;
    const how = over ? run.texts[run.text[end]] : '';
    const head = answered >= 0 && answered <= event ? run.time[answered] : NaN;
    requests.push({
      operation,
      state: started > event ? 'not yet' : !over ? (!isSent ? 'queued' : Number.isNaN(head) ? 'waiting' : 'body') : how === 'failed' ? 'failed' : how === 'aborted' && answered < 0 ? 'aborted' : 'over',
      status,
      from: run.time[started],
      sent: isSent ? run.time[given] : NaN,
      head,
      to: over ? run.time[end] : time,
    });
  }
  changes.sort((a, b) => a[0] - b[0]);
  for (const [, change] of changes) most = Math.max(most, (flying += change));
  return { requests, flying, most, sent, queued, total };
}
