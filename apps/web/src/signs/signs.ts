/**
 * Raised hands, reactions and the notice of a recording: mine, and those of the others.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { PeerId } from '@parley/client';
import type { ToolRoom } from '../room/tool-room.ts';
import { parseSign } from './sign.ts';
import type { Reaction, Sign } from './sign.ts';

/** A reaction on screen. */
export interface ShownReaction {
  readonly id: number;
  readonly reaction: Reaction;
  /** Who reacted; `undefined` is me. */
  readonly from: string | undefined;
}

/** How long a reaction is shown. */
export const REACTION_MS = 4000;
/** More at a time would cover the faces. */
const MAX_SHOWN = 12;

/** The signs of one call. Its owner must {@link Signs.close} it. */
export class Signs {
  readonly #hands = signal<readonly string[]>([]);
  readonly #recorders = signal<readonly string[]>([]);
  readonly #reactions = signal<readonly ShownReaction[]>([]);
  readonly #mine = signal({ hand: false, recording: false });
  readonly #send: (sign: Sign, to?: PeerId) => void;
  readonly #setTimer: (run: () => void, ms: number) => unknown;
  readonly #undo: readonly (() => void)[];
  #count = 0;

  constructor(
    room: Pick<ToolRoom, 'channel' | 'on'>,
    setTimer: (run: () => void, ms: number) => unknown = (run, ms) => setTimeout(run, ms),
  ) {
    const channel = room.channel('signs');
    // Whoever has left needs no sign, and whoever comes is told anew.
    this.#send = (sign, to) =>
      void channel.send(sign, to === undefined ? {} : { to }).catch(() => undefined);
    this.#setTimer = setTimer;
    this.#undo = [
      channel.on('message', ({ from, data }) => this.#receive(from, parseSign(data))),
      room.on('peer', ({ id }) => this.#tell(id)),
      room.on('peerLeft', ({ peer }) => {
        this.#mark(this.#hands, peer.id, false);
        this.#mark(this.#recorders, peer.id, false);
      }),
    ];
  }

  /** Ids of people whose hand is up, who raised it first comes first. */
  get hands(): ReadonlySignal<readonly string[]> {
    return this.#hands;
  }

  /** Ids of people who record the call. */
  get recorders(): ReadonlySignal<readonly string[]> {
    return this.#recorders;
  }

  /** Reactions of the last moments. */
  get reactions(): ReadonlySignal<readonly ShownReaction[]> {
    return this.#reactions;
  }

  /** What I show myself. */
  get mine(): ReadonlySignal<{ readonly hand: boolean; readonly recording: boolean }> {
    return this.#mine;
  }

  /** Raises my hand, or lowers it. */
  toggleHand(): void {
    const hand = !this.#mine.value.hand;
    this.#mine.value = { ...this.#mine.value, hand };
    this.#send({ hand });
  }

  /** Tells everybody that I record, or that I have stopped. */
  setRecording(recording: boolean): void {
    this.#mine.value = { ...this.#mine.value, recording };
    this.#send({ recording });
  }

  /** Shows a reaction to everybody, me included. */
  react(reaction: Reaction): void {
    this.#send({ reaction });
    this.#show(reaction, undefined);
  }

  /** Ends everything. Idempotent. */
  close(): void {
    for (const undo of this.#undo) undo();
  }

  #tell(peer: PeerId): void {
    const { hand, recording } = this.#mine.value;
    if (hand) this.#send({ hand }, peer);
    if (recording) this.#send({ recording }, peer);
  }

  #receive(from: string, sign: Sign | undefined): void {
    if (sign === undefined) return;
    if ('hand' in sign) this.#mark(this.#hands, from, sign.hand);
    else if ('recording' in sign) this.#mark(this.#recorders, from, sign.recording);
    else this.#show(sign.reaction, from);
  }

  #mark(list: { value: readonly string[] }, peer: string, isOn: boolean): void {
    if (list.value.includes(peer) === isOn) return;
    list.value = isOn ? [...list.value, peer] : list.value.filter((other) => other !== peer);
  }

  #show(reaction: Reaction, from: string | undefined): void {
    const shown = { id: (this.#count += 1), reaction, from };
    this.#reactions.value = [...this.#reactions.value, shown].slice(-MAX_SHOWN);
    this.#setTimer(() => {
      this.#reactions.value = this.#reactions.value.filter((other) => other !== shown);
    }, REACTION_MS);
  }
}
