/**
 * The door to a lane whose code is loaded when somebody opens a channel, here or at the other end: most
 * calls have none. What happens before waits at the door, in order.
 * @module
 */
import { lazily } from '../lazily.ts';
import type { LaneReceiver } from './incoming-stream.ts';
import type { Lane } from './lane.ts';
import type * as lanePart from './lane-part.ts';
import type { OutgoingMessage } from './outgoing-stream.ts';
import type { Pipe } from './pipe.ts';

/** What the code of the lanes offers. */
export type LanePart = typeof lanePart;
type Pass = (lane: Lane, part: LanePart) => void;
type Failed = (error: unknown) => void;

/** The code of all lanes: loaded once, and used at once from then on. */
export class LaneCode {
  /** Undefined until it has been loaded. */
  part: LanePart | undefined;
  readonly load: () => Promise<LanePart>;

  constructor(load: () => Promise<LanePart>) {
    this.load = lazily(async () => {
      this.part = await load();
      return this.part;
    });
  }

  /** Uses it: at once where it is there. Rejects with a ParleyError `ERR_SDK_LOAD`. */
  use<Value>(use: (part: LanePart) => Promise<Value>): Promise<Value> {
    return this.part === undefined ? this.load().then(use) : use(this.part);
  }
}

/** That of this page. */
export const LANE_CODE: LaneCode = new LaneCode(() => import('./lane-part.ts'));

/** See the module comment. Takes what a {@link Lane} takes. */
export class LaneDoor {
  readonly #instance: number;
  readonly #windowFrames: number;
  readonly #code: LaneCode;
  #lane: Lane | undefined;
  #waiting: { readonly pass: Pass; readonly failed: Failed | undefined }[] = [];

  /** As a lane's own. */
  constructor(instance: number, windowFrames: number, code: LaneCode = LANE_CODE) {
    this.#instance = instance;
    this.#windowFrames = windowFrames;
    this.#code = code;
  }

  /** Sends through this pipe as soon as it opens. */
  attach(pipe: Pipe): void {
    pipe.listen({
      opened: () => this.#pass((lane) => lane.opened(pipe)),
      received: (bytes) => {
        this.#pass((lane) => lane.receive(bytes));
        this.#open();
      },
      drained: () => this.#lane?.drained(),
    });
  }

  /** @see Lane.listen */
  listen(name: string, receiver: (part: LanePart) => LaneReceiver): void {
    this.#pass((lane, loaded) => lane.listen(name, receiver(loaded)));
    this.#open();
  }

  /** @see Lane.send */
  send(name: string, message: OutgoingMessage): void {
    this.#pass((lane) => lane.send(name, message), message.settle);
    this.#open();
  }

  /** @see Lane.withdraw */
  withdraw(name: string, message: OutgoingMessage): void {
    this.#pass((lane) => lane.withdraw(name, message));
  }

  /** @see Lane.close */
  close(error: unknown): void {
    this.#pass((lane) => lane.close(error));
  }

  #pass(pass: Pass, failed?: Failed): void {
    const { part } = this.#code;
    if (this.#lane === undefined || part === undefined) this.#waiting.push({ pass, failed });
    else pass(this.#lane, part);
  }

  #open(): void {
    if (this.#lane !== undefined) return;
    const { part } = this.#code;
    if (part !== undefined) return this.#begin(part);
    this.#code.load().then(
      (loaded) => this.#begin(loaded),
      (error: unknown) => this.#fail(error),
    );
  }

  #begin(loaded: LanePart): void {
    const lane = (this.#lane ??= new loaded.Lane(this.#instance, this.#windowFrames));
    for (const { pass } of this.#waiting.splice(0)) pass(lane, loaded);
  }

  /** What was to be sent is not; the next use tries again. */
  #fail(error: unknown): void {
    const sent = this.#waiting.filter(({ failed }) => failed !== undefined);
    this.#waiting = this.#waiting.filter(({ failed }) => failed === undefined);
    for (const { failed } of sent) failed?.(error);
  }
}
