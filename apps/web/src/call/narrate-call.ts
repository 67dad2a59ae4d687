/**
 * Tells people who do not see the screen what happens in the call.
 * @module
 */
import { effect, untracked } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { RoomEvents, RoomSnapshot, SlotSnapshot } from '@parley/client';
import type { AppTranslate } from '../i18n/message-key.ts';
import { cameraSwitch, microphoneSwitch } from '../media/slot-switch.ts';

interface Named {
  readonly name: string;
}

type Subscribe<Payload> = (listener: (payload: Payload) => void) => () => void;

/** What is narrated, in which language, to whom. */
export interface NarrateOptions {
  /** How many others are inside already. */
  readonly others: number;
  /** `room.on('peer', ...)`: a new listener first hears of everybody who is inside already. */
  readonly onPeer: Subscribe<Named>;
  readonly onPeerLeft: Subscribe<{
    readonly peer: Named;
    readonly reason: RoomEvents['peerLeft']['reason'];
  }>;
  readonly roomState: ReadonlySignal<RoomSnapshot['state']>;
  readonly camera: ReadonlySignal<Pick<SlotSnapshot, 'state' | 'muted'>>;
  readonly microphone: ReadonlySignal<Pick<SlotSnapshot, 'state' | 'muted'>>;
  /** Ids of people whose hand is up. */
  readonly hands: ReadonlySignal<readonly string[]>;
  /** Ids of people who record. */
  readonly recorders: ReadonlySignal<readonly string[]>;
  readonly nameOf: (id: string) => string;
  readonly t: AppTranslate;
  readonly announce: (text: string) => void;
}

/** Announces arrivals, departures, my own switches and the state of the server, until it is undone. */
export function narrateCall(options: NarrateOptions): () => void {
  const { t, announce } = options;
  const undo = [
    ...narratePeople(options),
    onChange(
      () => microphoneSwitch(options.microphone.value).on,
      (on) => announce(t(on ? 'announce.unmuted' : 'announce.muted')),
    ),
    onChange(
      () => cameraSwitch(options.camera.value).on,
      (on) => announce(t(on ? 'announce.cameraOn' : 'announce.cameraOff')),
    ),
    onChange(
      () => options.roomState.value,
      (state) => {
        if (state === 'reconnecting') announce(t('announce.reconnecting'));
        if (state === 'connected') announce(t('announce.reconnected'));
      },
    ),
    narrateHands(options),
    narrateRecorders(options),
  ];
  return () => {
    for (const stop of undo) stop();
  };
}

function narratePeople({ others, onPeer, onPeerLeft, t, announce }: NarrateOptions): Undo[] {
  const arrival = [t('announce.joined')];
  if (others > 0) arrival.push(t('announce.people', { count: others }));
  announce(arrival.join('. '));

  const nameOf = (peer: Named): string => peer.name || t('call.guest');
  let isReplay = true;
  const stopJoined = onPeer((peer) => {
    if (!isReplay) announce(t('announce.peerJoined', { name: nameOf(peer) }));
  });
  isReplay = false;
  const stopLeft = onPeerLeft(({ peer, reason }) => {
    const key = reason === 'lost' ? 'announce.peerLost' : 'announce.peerLeft';
    announce(t(key, { name: nameOf(peer) }));
  });
  return [stopJoined, stopLeft];
}

function narrateHands({ hands, nameOf, t, announce }: NarrateOptions): Undo {
  let before: readonly string[] = [];
  return onChange(
    () => hands.value,
    (now) => {
      for (const id of now.filter((hand) => !before.includes(hand))) {
        announce(t('announce.handUp', { name: nameOf(id) || t('call.guest') }));
      }
      before = now;
    },
  );
}

function narrateRecorders({ recorders, nameOf, t, announce }: NarrateOptions): Undo {
  let before: readonly string[] = [];
  return onChange(
    () => recorders.value,
    (now) => {
      for (const id of now.filter((recorder) => !before.includes(recorder))) {
        announce(t('call.recordedBy', { name: nameOf(id) || t('call.guest') }));
      }
      if (now.length === 0) announce(t('announce.recordingEnded'));
      before = now;
    },
  );
}

type Undo = () => void;

/** Calls `react` with every new value of `read`, but not with the first one. */
function onChange<Value>(read: () => Value, react: (value: Value) => void): Undo {
  let last = untracked(read);
  return effect(() => {
    const value = read();
    if (value === last) return;
    last = value;
    untracked(() => react(value));
  });
}
