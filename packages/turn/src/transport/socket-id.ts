/**
 * Numbers for sockets and connections: the engine keys 5-tuples by them.
 * @module
 */
let lastId = 0;

/** A number no other socket of this thread has or had. */
export function nextSocketId(): number {
  lastId += 1;
  return lastId;
}
