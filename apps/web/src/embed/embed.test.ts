import type { EmbedEvent } from '@parley/client/embed';
import { createTestServer } from '@parley/client/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTools } from '../call/call-tools.ts';
import { RoomSession } from '../room/room-session.ts';
import { answerCommands } from './answer-commands.ts';
import { reportState } from './report-state.ts';

const STORED = new Map<string, string>();
const MEMORY = { read: () => undefined, write: () => {} };

class FakeStyle {
  readonly set = new Map<string, string>();

  setProperty(name: string, value: string): void {
    this.set.set(name, value);
  }

  removeProperty(name: string): string {
    this.set.delete(name);
    return '';
  }
}

function setUp() {
  const server = createTestServer();
  const client = server.createClient();
  const session = new RoomSession({
    roomName: 'daily',
    client,
    preferences: { read: (name) => STORED.get(name), write: () => {} },
    tab: MEMORY,
  });
  const style = new FakeStyle();
  const answer = answerCommands(session, { style });
  const told: EmbedEvent[] = [];
  const stop = reportState(session, (event) => told.push(event));
  const names = (): string[] =>
    told.filter(({ event }) => event !== 'state').map(({ event }) => event);
  const command = (fields: object) => answer({ parley: 1, id: 7, ...fields });
  return { server, client, session, style, told, names, stop, command };
}

describe('a call in a frame', () => {
  let stage: ReturnType<typeof setUp>;

  beforeEach(async () => {
    stage = setUp();
    await stage.session.arrive();
  });

  it('joins, tells who comes and goes, and leaves', async () => {
    const { server, command, names, told } = stage;
    expect(await command({ command: 'join', name: 'Ada' })).toEqual({ reply: 7 });
    const bob = await server.createClient().join('daily', { name: 'Bob' });
    await server.settle();
    expect(told.findLast(({ event }) => event === 'state')).toMatchObject({
      state: { stage: 'call', room: 'daily', peers: [{ name: 'Bob' }], reconnecting: false },
    });
    await bob.leave();
    await server.settle();
    expect(await command({ command: 'leave' })).toEqual({ reply: 7 });
    expect(names()).toEqual(['joined', 'peer-joined', 'peer-left', 'left']);
    expect(told).toContainEqual({ event: 'left', reason: 'left' });
    await server.close();
  });

  it('mutes at once and does not toggle what is already so', async () => {
    const { server, command, session } = stage;
    for (const on of [false, false]) {
      expect(await command({ command: 'microphone', on })).toEqual({ reply: 7 });
      expect(session.microphone.value.muted).toBe(true);
    }
    await command({ command: 'microphone', on: true });
    expect(session.microphone.value.muted).toBe(false);
    await command({ command: 'camera', on: false });
    expect(session.camera.value.state).toBe('off');
    await server.close();
  });

  it('waits for a device that is starting', async () => {
    const { server, command, session, client } = stage;
    await client.media.camera.off();
    const starting = session.toggleCamera();
    await command({ command: 'camera', on: false });
    await starting;
    expect(session.camera.value.state).toBe('off');
    await server.close();
  });

  it('says why it could not', async () => {
    const { server, client, command, names, told } = stage;
    expect(await command({ command: 'screen', on: true })).toMatchObject({
      code: 'ERR_EMBED_STAGE',
    });
    server.refuseNext('ERR_ROOM_FULL');
    expect(await command({ command: 'join' })).toMatchObject({ code: 'ERR_ROOM_FULL' });
    expect(told).toContainEqual(expect.objectContaining({ event: 'error', code: 'ERR_ROOM_FULL' }));
    await client.media.camera.off();
    client.devices.refuse('NotAllowedError');
    expect(await command({ command: 'camera', on: true })).toMatchObject({
      code: 'ERR_EMBED_FAILED',
    });
    expect(names()).toEqual(['error', 'error']);
    await server.close();
  });

  it('shares a screen inside a call, and says when the person chose none', async () => {
    const { server, client, command, told } = stage;
    await command({ command: 'join' });
    expect(await command({ command: 'screen', on: true })).toEqual({ reply: 7 });
    expect(told.at(-1)).toMatchObject({ state: { screen: true } });
    await command({ command: 'screen', on: false });
    client.devices.refuse('NotAllowedError');
    const { code } = (await command({ command: 'screen', on: true })) ?? {};
    expect(code).toMatch(/^ERR_MEDIA_DENIED/u);
    await server.close();
  });

  it('raises the hand and says something once the call view is there, and not outside', async () => {
    const { server, command, session, told } = stage;
    expect(await command({ command: 'hand', on: true })).toMatchObject({ code: 'ERR_EMBED_STAGE' });
    await command({ command: 'join', name: 'Ada' });
    const room = session.stage.value.name === 'call' ? session.stage.value.room : undefined;
    if (room === undefined) throw new Error('not in the call');
    const raising = command({ command: 'hand', on: true });
    const tools = openTools(room, { onUnread: () => {}, onFileOffer: () => {} });
    session.setTools(tools);
    expect(await raising).toEqual({ reply: 7 });
    await command({ command: 'hand', on: true });
    expect(told.at(-1)).toMatchObject({ state: { hand: true } });
    expect(await command({ command: 'chat', text: 'in five minutes' })).toEqual({ reply: 7 });
    expect(tools.chat.messages.value).toMatchObject([{ name: 'Ada', text: 'in five minutes' }]);
    tools.close();
    await server.close();
  });

  it('takes colours, derives shades, and takes them back', async () => {
    const { server, command, style } = stage;
    await command({ command: 'theme', theme: { accent: '#6b2fb3', radius: '6px' } });
    expect([style.set.get('--accent'), style.set.get('--radius')]).toEqual(['#6b2fb3', '6px']);
    expect(style.set.get('--accent-hover')).toContain('color-mix');
    await command({ command: 'theme', theme: {} });
    expect(style.set.size).toBe(0);
    await server.close();
  });

  it('is silent after its end', async () => {
    const { server, command, told, stop } = stage;
    stop();
    const before = told.length;
    await command({ command: 'join' });
    expect(told.length).toBe(before);
    await server.close();
  });
});
