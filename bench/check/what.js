/**
 * What is counted: a program run with two sizes; the difference is what so many more operations cost.
 * @typedef {{ name: string, program: 'wasyncio' | 'depth', workload: string, stack?: number, few: number[], many: number[], more: number }} Count
 */

/** @type {Count[]} */
export const counts = [
  { name: 'a yield', program: 'wasyncio', workload: 'yield', few: [10, 1000], many: [10, 3000], more: 10 * 2200 },
  { name: 'a task: created, yields once, joined', program: 'wasyncio', workload: 'spawn', few: [100, 20, 1], many: [100, 60, 1], more: 4000 },
  { name: 'a task that sleeps', program: 'wasyncio', workload: 'sleep', few: [2000], many: [4000], more: 2000 },
  { name: 'a sleeping task, cancelled and joined', program: 'wasyncio', workload: 'cancel', few: [1000, 1], many: [1000, 3], more: 2000 },
  { name: 'a task of nested groups', program: 'wasyncio', workload: 'tree', few: [3, 8, 1, 1], many: [3, 8, 1, 3], more: 2 * (8 + 64 + 512 + 1) },
  { name: 'a message by way of two semaphores', program: 'wasyncio', workload: 'pingpong', few: [1000], many: [3000], more: 4000 },
  { name: 'a message by way of two queues', program: 'wasyncio', workload: 'channel', few: [1000], many: [3000], more: 4400 },
  { name: 'a passage of a crowded semaphore', program: 'wasyncio', workload: 'contention', few: [100, 10, 20], many: [100, 10, 60], more: 4000 },
  { name: 'an item through a queue', program: 'wasyncio', workload: 'queue', few: [4, 100, 500], many: [4, 100, 1500], more: 4000 },
  { name: 'a switch, 16 calls deep', program: 'depth', workload: 'depth', stack: 65536, few: [10, 500, 16], many: [10, 1500, 16], more: 10 * 1100 },
  { name: 'a switch, 64 calls deep', program: 'depth', workload: 'depth', stack: 65536, few: [10, 500, 64], many: [10, 1500, 64], more: 10 * 1100 },
];

/** Tasks asleep, for the bytes of each. */
export const ASLEEP = 100_000;
