/**
 * A pipe: what a lane needs from one RTCDataChannel. Whole messages go in and come out, in order; what
 * a pipe that ended had not delivered is lost. A connection that is rebuilt brings new pipes.
 * @module
 */

/** See the module comment. */
export interface Pipe {
  /** Bytes that were sent and are still waiting in the browser. */
  readonly bufferedBytes: number;
  /** Sends a message; false when the pipe cannot take it. */
  send(message: Uint8Array<ArrayBuffer>): boolean;
}

/** A reliable lane stops sending here, an unreliable one at the low mark ... */
export const HIGH_WATER_BYTES: number = 1024 * 1024;
/** ... and both go on here. */
export const LOW_WATER_BYTES: number = 256 * 1024;
