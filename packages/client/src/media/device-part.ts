/**
 * What is loaded when a device is first wanted.
 * @module
 */
export { Capture } from './capture.ts';
export { SlotControl } from './slot-control.ts';
