/** What bench/programs/start.c does, in JavaScript. @param {(text: string) => void} print @param {boolean} stays */
export async function main(print, stays) {
  print(`task ${performance.now()}\n`);
  if (stays) await new Promise((resolve) => void setTimeout(resolve, 1e9));
}
