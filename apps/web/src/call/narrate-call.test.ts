import { computed, signal } from '@preact/signals';
import { beforeEach, expect, it } from 'vitest';
import { narrateCall } from './narrate-call.ts';
import type { NarrateOptions } from './narrate-call.ts';

type Slot = { state: 'live' | 'off' | 'starting' | 'failed'; muted: boolean };

const microphone = signal<Slot>({ state: 'live', muted: false });
const camera = signal<Slot>({ state: 'live', muted: false });
const hands = signal<readonly string[]>([]);
const recorders = signal<readonly string[]>([]);
const roomState = signal<'connected' | 'reconnecting' | 'closed'>('connected');

let said: string[];
let joined: (peer: { name: string }) => void;
let left: (payload: { peer: { name: string }; reason: 'left' | 'lost' }) => void;

const t: NarrateOptions['t'] = (key, parameters) =>
  parameters === undefined ? key : `${key}[${Object.values(parameters).join(',')}]`;

function narrate(others: number): () => void {
  return narrateCall({
    others,
    onPeer: (listener) => {
      for (let index = 0; index < others; index += 1) listener({ name: 'Early' });
      joined = listener;
      return () => {
        joined = () => undefined;
      };
    },
    onPeerLeft: (listener) => {
      left = listener;
      return () => {
        left = () => undefined;
      };
    },
    roomState,
    camera: computed(() => camera.value),
    microphone: computed(() => microphone.value),
    hands,
    recorders,
    nameOf: (id) => (id === 'ada' ? 'Ada' : ''),
    t,
    announce: (text) => said.push(text),
  });
}

beforeEach(() => {
  said = [];
  microphone.value = { state: 'live', muted: false };
  camera.value = { state: 'live', muted: false };
  roomState.value = 'connected';
  hands.value = [];
});

it('says that I am in, and how many others are, but not each of them', () => {
  narrate(2)();
  expect(said).toEqual(['announce.joined. announce.people[2]']);
  said = [];
  narrate(0)();
  expect(said).toEqual(['announce.joined']);
});

it('says who comes and who goes, and why', () => {
  const stop = narrate(1);
  said = [];
  joined({ name: 'Ada' });
  joined({ name: '' });
  left({ peer: { name: 'Ada' }, reason: 'left' });
  left({ peer: { name: 'Grace' }, reason: 'lost' });
  stop();
  expect(said).toEqual([
    'announce.peerJoined[Ada]',
    'announce.peerJoined[call.guest]',
    'announce.peerLeft[Ada]',
    'announce.peerLost[Grace]',
  ]);
});

it('says when I am heard or seen and when not, whatever the cause', () => {
  const stop = narrate(0);
  said = [];
  microphone.value = { state: 'live', muted: true };
  microphone.value = { state: 'live', muted: false };
  microphone.value = { state: 'failed', muted: false };
  camera.value = { state: 'off', muted: false };
  camera.value = { state: 'starting', muted: false };
  camera.value = { state: 'live', muted: false };
  stop();
  expect(said).toEqual([
    'announce.muted',
    'announce.unmuted',
    'announce.muted',
    'announce.cameraOff',
    'announce.cameraOn',
  ]);
});

it('says when the server is lost and found', () => {
  const stop = narrate(0);
  said = [];
  roomState.value = 'reconnecting';
  roomState.value = 'connected';
  roomState.value = 'closed';
  stop();
  expect(said).toEqual(['announce.reconnecting', 'announce.reconnected']);
});

it('is silent after it was stopped', () => {
  narrate(0)();
  said = [];
  microphone.value = { state: 'live', muted: true };
  joined({ name: 'Ada' });
  left({ peer: { name: 'Ada' }, reason: 'left' });
  expect(said).toEqual([]);
});

it('says whose hand goes up, and nothing when one goes down', () => {
  const stop = narrate(0);
  said = [];
  hands.value = ['ada'];
  hands.value = ['ada', 'eve'];
  hands.value = ['ada'];
  stop();
  expect(said).toEqual(['announce.handUp[Ada]', 'announce.handUp[call.guest]']);
});

it('says who records, and when nobody does any more', () => {
  const stop = narrate(0);
  said = [];
  recorders.value = ['ada'];
  recorders.value = [];
  stop();
  expect(said).toEqual(['call.recordedBy[Ada]', 'announce.recordingEnded']);
});
