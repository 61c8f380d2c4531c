/**
 * What load()'s `trace` is given: arrays of these, in order. `time` is in seconds of the loop's clock; tasks, objects,
 * scopes and operations have numbers, given out in order of appearance; `by` is 0 for the host, a timer, main(). Nothing in
 * them depends on addresses, so on the virtual clock the same program gives the same events on every host.
 *
 * @typedef {{ type: 'created', time: number, task: number, by: number, name: string, coroutine: string | null, group: number | null, where: string | null }} Created
 *   `group`: the scope that owns it
 * @typedef {{ type: 'run', time: number, task: number }} Run a step begins; an eager task's first step inside its creator's
 * @typedef {{ type: 'pause', time: number, task: number, where: string | null }} Pause the step has ended, and the task has not; a yield if there was no `wait` in it
 * @typedef {{ type: 'wait', time: number, task: number, what: string, object: number | null, name: string | null, until: number | null, awaits: number[], where: string | null }} Wait
 *   `what` is the kind: "sleep", "semaphore", "fetch"; `object` the semaphore's or group's number, `name` a URL, `until` a sleep's end, `awaits` tasks
 * @typedef {{ type: 'wake', time: number, task: number, by: number, status: number }} Wake the wait has ended; it runs in the next pass
 * @typedef {{ type: 'cancel', time: number, task: number, by: number, where: string | null }} Cancel
 * @typedef {{ type: 'end', time: number, task: number, status: number, error: string | null, message: string | null }} End
 * @typedef {{ type: 'enter' | 'expired' | 'leave', time: number, task: number, what: string, scope: number, until: number | null, where: string | null }} Scope
 *   `what`: "timeout", "shield" or "group"
 * @typedef {{ type: 'made' | 'changed', time: number, task: number, what: string, object: number, value: number, limit: number, waiting: number, where: string | null }} Changed
 *   a semaphore's free permits, a queue's items, a lock (1: free), an event (1: set); how many wait in line. "made": it begins, where its wio_…_init() stands, also outside of tasks
 * @typedef {{ type: 'started', time: number, task: number, what: string, operation: number, name: string | null, queued: boolean }} Started an operation of the host is asked for: a fetch and its URL
 *   `queued`: it waits for a permit of its session; with "sent" it is given to the host
 * @typedef {{ type: 'phase', time: number, operation: number, phase: string, value: number }} Phase
 *   "sent" (after `queued`), "connected", "sending" (pieces of its body), "answered" (with a status), "body" (so many bytes), "end", "failed", "aborted", "closed"
 * @typedef {{ type: 'print', time: number, stream: 'stdout' | 'stderr', text: string }} Print
 * @typedef {{ type: 'lost', time: number, count: number }} Lost there was no memory for so many events
 *
 * @typedef {Created | Run | Pause | Wait | Wake | Cancel | End | Scope | Changed | Started | Phase | Print | Lost} TraceEvent
 */
export {};
