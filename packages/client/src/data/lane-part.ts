/**
 * What is loaded when somebody opens a channel, here or at the other end.
 * @module
 */
export { Lane } from './lane.ts';
export { receiverOf, sendMessage } from './messages.ts';
