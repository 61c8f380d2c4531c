/**
 * What the test server saw, partitioned by scope so that tests running at the same time do not disturb each other.
 *
 * @typedef {{total: number, active: number, most: number, aborted: number}} Counts
 * @typedef {{method: string, path: string, query: string, headers: Record<string, string | string[]>, body: string,
 *   bodyLength: number, status: number, state: 'open' | 'finished' | 'aborted' | 'destroyed', entered: number, left: number}} Seen `entered` and `left` are places in one order of all that happened
 * @typedef {Counts & {preflights: number, sentBytes: number, receivedBytes: number, methods: Record<string, number>,
 *   paths: Record<string, Counts>, requests: Seen[]}} Stats
 */

const KEPT_REQUESTS = 4000;

/** @returns {Counts} */
const counts = () => ({ total: 0, active: 0, most: 0, aborted: 0 });

/** @returns {Stats} */
const empty = () => ({ ...counts(), preflights: 0, sentBytes: 0, receivedBytes: 0, methods: {}, paths: {}, requests: [] });

/**
 * The most requests at a time, without those that the client gave up: when a server sees such a one end says little about
 * when the client did, for the end of one connection and a request on another arrive in any order.
 * @param {Seen[]} requests
 */
export function mostAnswered(requests) {
  const kept = requests.filter(({ state }) => state !== 'aborted');
  const changes = kept.flatMap(({ entered, left }) => [
    { at: entered, by: 1 },
    { at: left, by: -1 },
  ]);
  let active = 0;
  return Math.max(0, ...changes.sort((a, b) => a.at - b.at).map(({ by }) => (active += by)));
}

export class Recorder {
  #order = 0;
  /** How often each URL was asked for, for those that fail at first. @type {Map<string, number>} */
  #times = new Map();
  /** @type {Map<string, Stats>} */
  #scopes = new Map();
  /** @type {Set<() => void>} */
  #watchers = new Set();

  /** @param {string} scope @returns {Stats} */
  of(scope = '') {
    let stats = this.#scopes.get(scope);
    if (!stats) this.#scopes.set(scope, (stats = empty()));
    return stats;
  }

  /** The how manieth request for this URL it is. @param {string} url */
  again(url) {
    const times = (this.#times.get(url) ?? 0) + 1;
    this.#times.set(url, times);
    return times;
  }

  /** Forgets one scope. Requests still open keep counting in the old record, which nobody reads any more. */
  reset(scope = '') {
    this.#scopes.delete(scope);
  }

  /**
   * Counts a request as active until `leave` is called (once; later calls are ignored).
   * @param {string} scope @param {Seen} seen
   * @returns {(state: 'finished' | 'aborted' | 'destroyed') => void}
   */
  enter(scope, seen) {
    const stats = this.of(scope);
    const prefix = '/' + seen.path.split('/')[1];
    const both = [stats, (stats.paths[prefix] ??= counts())];
    for (const c of both) {
      c.total++;
      c.active++;
      c.most = Math.max(c.most, c.active);
    }
    stats.methods[seen.method] = (stats.methods[seen.method] ?? 0) + 1;
    seen.entered = this.#order++;
    if (stats.requests.length < KEPT_REQUESTS) stats.requests.push(seen);
    this.#changed();
    let left = false;
    return (state) => {
      if (left) return;
      left = true;
      seen.state = state;
      seen.left = this.#order++;
      for (const c of both) {
        c.active--;
        if (state === 'aborted') c.aborted++;
      }
      this.#changed();
    };
  }

  /**
   * One field by its way, parts separated by "|" because paths contain dots and slashes: "most", "paths|/delay|most".
   * A counter that nothing has touched yet is 0.
   * @param {string} scope @param {string} way
   */
  field(scope, way) {
    /** @type {any} */
    let value = this.of(scope);
    for (const part of way.split('|')) value = value?.[part];
    return value ?? 0;
  }

  /**
   * Resolves when the field has reached `least`, or after `timeout` ms: a test that waits for a closed socket must not poll.
   * @param {string} scope @param {string} way @param {number} least @param {number} timeout
   */
  async reached(scope, way, least, timeout) {
    if (!(Number(this.field(scope, way)) >= least)) {
      await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
        const end = () => {
          clearTimeout(timer);
          this.#watchers.delete(look);
          resolve();
        };
        const look = () => Number(this.field(scope, way)) >= least && end();
        const timer = setTimeout(end, timeout);
        this.#watchers.add(look);
      });
    }
    return this.field(scope, way);
  }

  #changed() {
    for (const look of this.#watchers) look();
  }
}
