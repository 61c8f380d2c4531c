/** The console writes lines, so a line waits until it is complete, or until the program pauses. @param {'stdout' | 'stderr'} which */
export function consoleOutput(which) {
  const write = which === 'stderr' ? console.error : console.log;
  const decoder = new TextDecoder();
  let rest = '';
  return (/** @type {Uint8Array} */ bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(line);
    if (rest)
      queueMicrotask(() => {
        if (rest) write(rest);
        rest = '';
      });
  };
}
