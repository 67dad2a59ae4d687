/**
 * Beats for a page: a worker goes on where the timers of a hidden page become slow.
 * @module
 */

const BEAT_MS = 50;

setInterval(() => postMessage('beat'), BEAT_MS);
