/**
 * What a load is put on.
 * @module
 */

/** Where the server is and who may use it. */
export interface Target {
  readonly pid: number;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}
