/**
 * What is loaded before a room is entered: how connections begin.
 * @module
 */
export { tuneForCrowd } from '../peer/tune-description.ts';
export { BROWSER_CODECS, preferEfficient } from './codec-order.ts';
