/**
 * What a page around the call is told of it, and when.
 * @module
 */
import { computed, effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { EmbedEvent, EmbedPeer, EmbedState } from '@parley/client/embed';
import type { RoomSession } from '../room/room-session.ts';
import { microphoneSwitch, cameraSwitch } from '../media/slot-switch.ts';
import { observe } from '../ui/observe.ts';

/** Something that is wrong, as it is told. */
interface Fault {
  readonly code: string;
  readonly message: string;
}

/** Tells the state now and after each change, and what happened in between; what it returns ends that. */
export function reportState(session: RoomSession, tell: (event: EmbedEvent) => void): () => void {
  const state = computed(() => JSON.stringify(stateOf(session, screenOf(session))));
  let before: EmbedState | undefined;
  const stopState = effect(() => {
    const now: EmbedState = JSON.parse(state.value);
    const reason = session.stage.peek();
    tell({ event: 'state', state: now });
    const why = reason.name === 'left' ? reason.reason : 'left';
    for (const event of eventsBetween(before, now, why)) tell(event);
    before = now;
  });
  const stopFaults = [
    tellFaults(() => joinFaultOf(session), tell),
    tellFaults(() => session.camera.value.error, tell),
    tellFaults(() => session.microphone.value.error, tell),
  ];
  return () => {
    stopState();
    for (const stop of stopFaults) stop();
  };
}

/** What happened between two states. Pure. */
export function eventsBetween(
  before: EmbedState | undefined,
  now: EmbedState,
  reason: string,
): readonly EmbedEvent[] {
  const wasInside = before?.stage === 'call';
  const isInside = now.stage === 'call';
  const events: EmbedEvent[] = [];
  if (isInside && !wasInside) events.push({ event: 'joined' });
  for (const peer of without(now.peers, before?.peers)) events.push({ event: 'peer-joined', peer });
  for (const peer of without(before?.peers ?? [], now.peers))
    events.push({ event: 'peer-left', peer });
  if (wasInside && !isInside) events.push({ event: 'left', reason });
  return events;
}

function without(
  people: readonly EmbedPeer[],
  others: readonly EmbedPeer[] = [],
): readonly EmbedPeer[] {
  return people.filter(({ id }) => !others.some((other) => other.id === id));
}

function stateOf(session: RoomSession, screen: boolean): EmbedState {
  const stage = session.stage.value;
  const call = stage.name === 'call' ? stage.snapshot.value : undefined;
  return {
    stage: stage.name,
    room: session.roomName,
    reconnecting: call?.state === 'reconnecting',
    microphone: microphoneSwitch(session.microphone.value).on,
    camera: cameraSwitch(session.camera.value).on,
    screen,
    hand: session.tools.value?.signs.mine.value.hand === true,
    peers: (call?.peers ?? []).map(({ id, name }) => ({ id, name })),
  };
}

const screens = new WeakMap<object, ReadonlySignal<{ readonly state: string }>>();

/** Whether my screen is shared. Watched only in a call: it exists nowhere else. */
function screenOf(session: RoomSession): boolean {
  const stage = session.stage.value;
  if (stage.name !== 'call') return false;
  const slot = stage.room.self.screen;
  const snapshot = screens.get(slot) ?? observe(slot);
  screens.set(slot, snapshot);
  return snapshot.value.state === 'live';
}

function joinFaultOf(session: RoomSession): Fault | undefined {
  const stage = session.stage.value;
  if (stage.name !== 'lobby' || stage.problem === undefined) return undefined;
  return {
    code: stage.problem.code,
    message: 'Joining did not work; the person is told in the frame.',
  };
}

function tellFaults(find: () => Fault | undefined, tell: (event: EmbedEvent) => void): () => void {
  const fault = computed(find);
  return effect(() => {
    const { code, message } = fault.value ?? {};
    if (code !== undefined && message !== undefined) tell({ event: 'error', code, message });
  });
}
