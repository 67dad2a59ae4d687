import { anything, assert, object, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommand, readFrameMessage } from './embed-message.ts';

const STATE = {
  stage: 'call',
  room: 'daily',
  reconnecting: false,
  microphone: true,
  camera: true,
  screen: false,
  hand: false,
  peers: [{ id: 'p1', name: 'Bob' }],
};

describe('readCommand', () => {
  it.each([
    { command: 'join' },
    { command: 'join', name: 'Ada', passcode: 'tulip' },
    { command: 'leave' },
    { command: 'microphone', on: false },
    { command: 'camera', on: true },
    { command: 'screen', on: true },
    { command: 'hand', on: true },
    { command: 'chat', text: 'in five minutes' },
    { command: 'theme', theme: { accent: '#123456' } },
  ])('takes %j', (command) => {
    expect(readCommand({ parley: 1, id: 1, ...command })).toEqual({
      kind: 'command',
      id: 1,
      command,
    });
  });

  it.each([
    { command: 'join', name: 'x'.repeat(65) },
    { command: 'join', name: 5 },
    { command: 'microphone' },
    { command: 'camera', on: 'yes' },
    { command: 'hand' },
    { command: 'chat', text: ' ' },
    { command: 'chat', text: 'x'.repeat(4001) },
    { command: 'theme', theme: { accent: 'url(https://evil.example)' } },
    { command: 'destroy' },
    {},
  ])('answers %j with what is wrong', (fields) => {
    expect(readCommand({ parley: 1, id: 1, ...fields })).toMatchObject({
      kind: 'fault',
      id: 1,
      fault: { code: 'ERR_EMBED_MESSAGE' },
    });
  });

  it('names its version to who speaks another one', () => {
    expect(readCommand({ parley: 2, id: 1, command: 'leave' })).toMatchObject({
      fault: { code: 'ERR_EMBED_VERSION' },
    });
  });

  it.each([undefined, null, 5, 'join', [], { id: 1 }, { parley: 1 }, { parley: 1, id: 1.5 }])(
    'leaves alone what is none of ours: %j',
    (data) => {
      expect(readCommand(data)).toEqual({ kind: 'foreign' });
    },
  );
});

describe('readFrameMessage', () => {
  it.each([
    { event: 'ready' },
    { event: 'joined' },
    { event: 'left', reason: 'removed' },
    { event: 'peer-joined', peer: { id: 'p1', name: '' } },
    { event: 'peer-left', peer: { id: 'p1', name: 'Bob' } },
    { event: 'state', state: STATE },
    { event: 'error', code: 'ERR_ROOM_FULL', message: 'full' },
  ])('takes %j', (event) => {
    expect(readFrameMessage({ parley: 1, ...event })).toEqual({ kind: 'event', event });
  });

  it('takes replies', () => {
    expect(readFrameMessage({ parley: 1, reply: 3 })).toEqual({
      kind: 'reply',
      id: 3,
      fault: undefined,
    });
    const fault = { code: 'ERR_EMBED_FAILED', message: 'no' };
    expect(readFrameMessage({ parley: 1, reply: 3, ...fault })).toEqual({
      kind: 'reply',
      id: 3,
      fault,
    });
  });

  it.each([
    { event: 'state', state: { ...STATE, stage: 'moon' } },
    { event: 'state', state: { ...STATE, peers: [{ id: 1, name: 'Bob' }] } },
    { event: 'state', state: { ...STATE, camera: undefined } },
    { event: 'left' },
    { event: 'peer-joined' },
    { event: 'error', code: 'ERR_X', message: 'x'.repeat(501) },
    { event: 'other' },
  ])('takes nothing of the wrong shape: %j', (event) => {
    expect(readFrameMessage({ parley: 1, ...event })).toEqual({ kind: 'foreign' });
  });
});

it('no message makes either of them throw', () => {
  assert(
    property(anything(), object(), (data, fields) => {
      for (const message of [data, { parley: 1, id: 1, ...fields }, { parley: 1, ...fields }]) {
        expect([readCommand(message), readFrameMessage(message)]).toHaveLength(2);
      }
    }),
  );
});
