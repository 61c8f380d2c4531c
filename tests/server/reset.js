/**
 * Resets a connection. Node's resetAndDestroy() ends it in good order first, so a client that looks between the two sees that
 * instead of a reset. @param {import('node:net').Socket} socket
 */
export function reset(socket) {
  /** @type {any} */ (socket).resetAndClosing = true;
  socket.destroy();
}
