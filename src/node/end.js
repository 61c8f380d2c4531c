/**
 * The end of a stream that is made of Node's streams. They hold nothing alive by themselves: an operation under way does.
 * @param {import('../host/stream.js').Stream} stream
 * @param {{ input?: import('node:stream').Readable, output?: import('node:stream').Writable, polite?: boolean }} of the same object for both, or two; `polite`: its end is a message that must be sent
 * @returns {import('../host/stream.js').End}
 */
export function nodeEnd(stream, { input, output, polite }) {
  /** @type {unknown} */
  let error;
  let ended = false;
  const parts = new Set([input, output]);
  for (const part of parts) {
    part?.on('error', (cause) => {
      error ??= cause;
      stream.broke(cause);
    });
    part?.on('close', () => {
      parts.delete(part);
      if (!parts.size) stream.closed();
    });
  }
  parts.delete(undefined);
  input?.on('readable', () => stream.readable());
  input?.on('end', () => {
    ended = true;
    stream.readable();
  });
  output?.on('drain', () => stream.drained());
  const destroy = () => parts.forEach((part) => part?.destroy());
  return {
    take() {
      const bytes = input?.read();
      if (bytes) return bytes;
      if (error !== undefined) throw error;
      return ended || !input || input.destroyed ? null : undefined;
    },
    write: (bytes) => void output?.write(bytes),
    isFull: () => output?.writableNeedDrain === true,
    end: () => void output?.end(),
    close() {
      if (!output || output.destroyed) return destroy();
      if (input && input !== /** @type {unknown} */ (output)) input.destroy();
      if (output.writableFinished || (output.writableLength === 0 && !polite)) destroy();
      else output.end(destroy);
    },
    destroy,
  };
}
