/**
 * Raised hands, reactions, the notice of a recording, and who saves data: mine, and those of the others.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { PeerId } from '@parley/client';
import type { DataMode } from '../saving/data-mode.ts';
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

/** What I show myself. */
export interface MySigns {
  readonly hand: boolean;
  readonly recording: boolean;
  readonly saving: DataMode;
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
  readonly #savers = signal<ReadonlyMap<string, DataMode>>(new Map());
  readonly #mine = signal<MySigns>({ hand: false, recording: false, saving: 'full' });
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
        this.#note(peer.id, 'full');
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

  /** How people save data, by id; who is not in here does not. */
  get savers(): ReadonlySignal<ReadonlyMap<string, DataMode>> {
    return this.#savers;
  }

  /** Reactions of the last moments. */
  get reactions(): ReadonlySignal<readonly ShownReaction[]> {
    return this.#reactions;
  }

  /** What I show myself. */
  get mine(): ReadonlySignal<MySigns> {
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

  /** Tells everybody how I save data. */
  setSaving(saving: DataMode): void {
    this.#mine.value = { ...this.#mine.value, saving };
    this.#send({ saving });
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
    const { hand, recording, saving } = this.#mine.value;
    if (hand) this.#send({ hand }, peer);
    if (recording) this.#send({ recording }, peer);
    if (saving !== 'full') this.#send({ saving }, peer);
  }

  #receive(from: string, sign: Sign | undefined): void {
    if (sign === undefined) return;
    if ('hand' in sign) this.#mark(this.#hands, from, sign.hand);
    else if ('recording' in sign) this.#mark(this.#recorders, from, sign.recording);
    else if ('saving' in sign) this.#note(from, sign.saving);
    else this.#show(sign.reaction, from);
  }

  #note(peer: string, mode: DataMode): void {
    const savers = new Map(this.#savers.value);
    if (mode === 'full') savers.delete(peer);
    else savers.set(peer, mode);
    this.#savers.value = savers;
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
