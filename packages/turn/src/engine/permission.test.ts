import { describe, expect, it } from 'vitest';
import { addressOf, EngineHarness, RELAY_IPV4 } from '../../test/engine-harness.ts';
import { peerAttributes } from '../../test/turn-test-client.ts';
import { METHOD } from '../wire/message-type.ts';

function pair(options: ConstructorParameters<typeof EngineHarness>[0] = {}) {
  const harness = new EngineHarness(options);
  const a = harness.client('red-a');
  const b = harness.client('red-b');
  a.allocate();
  b.allocate();
  return { harness, a, b };
}

describe('CreatePermission', () => {
  it('PERM-1 allows the relayed address of the same room', () => {
    const { a, b } = pair();
    expect(a.permit(b.relayed)).toBe(0);
  });

  it.each([
    ['203.0.113.200', 5000],
    ['127.0.0.1', 80],
    ['10.0.0.1', 80],
    [RELAY_IPV4, 1],
    ['::1', 80],
  ])('PERM-2 refuses %s with 403 in hairpin mode', (ip, port) => {
    expect(pair().a.permit(addressOf(ip, port))).toBe(403);
  });

  it('PERM-3 refuses the relayed address of another room with 403', () => {
    const { harness, a } = pair();
    const stranger = harness.client('blue-a');
    stranger.allocate();
    expect(a.permit(stranger.relayed)).toBe(403);
  });

  it('PERM-3 refuses the relayed address of an allocation whose time is up, swept or not', () => {
    const { harness, a, b } = pair();
    harness.clock.advance(599_000);
    a.refresh();
    harness.clock.advance(1000);
    expect([a.permit(b.relayed), a.bind(0x4000, b.relayed)]).toEqual([403, 403]);
  });

  it('PERM-4 permits all or none', () => {
    const { harness, a, b } = pair();
    expect(a.permit(b.relayed, addressOf('10.0.0.1', 1))).toBe(403);
    b.permit(a.relayed);
    b.send(a.relayed, 'no');
    expect(a.takeReceived()).toEqual([]);
    expect(harness.engine.counters.drops.noPermission).toBe(1);
  });

  it('PERM-5 needs a peer, and an allocation', () => {
    const { harness, a } = pair();
    expect(a.request(METHOD.createPermission, () => undefined).code).toBe(400);
    const lonely = harness.client('red-c');
    expect(lonely.permit(a.relayed)).toBe(437);
  });

  it('PERM-6 lives five minutes from its last refresh', () => {
    const { harness, a, b } = pair();
    a.permit(b.relayed);
    b.permit(a.relayed);
    harness.advance(299_000);
    b.permit(a.relayed);
    b.send(a.relayed, 'in time');
    harness.advance(1000);
    b.send(a.relayed, 'too late');
    expect(a.takeReceived().map((one) => one.payload)).toEqual(['in time']);
    a.permit(b.relayed);
    b.send(a.relayed, 'again');
    expect(a.takeReceived().map((one) => one.payload)).toEqual(['again']);
  });

  it('PERM-7 more than the limit is refused with 403, which Firefox survives', async () => {
    const harness = new EngineHarness({ mode: 'open', limits: { permissionsPerAllocation: 2 } });
    const a = harness.client('red-a');
    await a.allocateLater();
    const peers = ['9.9.9.1', '9.9.9.2', '9.9.9.3'].map((ip) => addressOf(ip, 9));
    expect(peers.map((peer) => a.permit(peer))).toEqual([0, 0, 403]);
    harness.advance(300_000);
    expect(a.permit(...peers.slice(1))).toBe(0);
  });
});

describe('ChannelBind', () => {
  it('CHAN-1 binds a number of the range to a peer', () => {
    const { a, b } = pair();
    expect(a.bind(0x4000, b.relayed)).toBe(0);
    expect(a.bind(0x4000, b.relayed)).toBe(0);
  });

  it.each([0, 0x3fff, 0x5000, 0x7fff, 0xffff])('CHAN-2 refuses channel %i with 400', (channel) => {
    const { a, b } = pair();
    expect(a.bind(channel, b.relayed)).toBe(400);
  });

  it('CHAN-2 takes the channels of RFC 5766 when it is told to', () => {
    const { a, b } = pair({ relay: { legacyChannels: true } });
    expect(a.bind(0x7fff, b.relayed)).toBe(0);
    expect(a.bind(0x8000, b.relayed)).toBe(400);
  });

  it('CHAN-3 refuses to change either side of a pair with 400', () => {
    const { harness, a, b } = pair();
    const c = harness.client('red-c');
    c.allocate();
    a.bind(0x4000, b.relayed);
    expect(a.bind(0x4000, c.relayed)).toBe(400);
    expect(a.bind(0x4001, b.relayed)).toBe(400);
    harness.advance(599_000);
    a.refresh();
    expect(a.bind(0x4000, c.relayed)).toBe(400);
  });

  it('CHAN-4 a channel lives ten minutes, then both sides are free again', () => {
    const { harness, a, b } = pair();
    a.bind(0x4000, b.relayed);
    harness.advance(300_000);
    a.refresh();
    b.refresh();
    harness.advance(300_000);
    expect(a.bind(0x4001, b.relayed)).toBe(0);
  });

  it('CHAN-4 a refresh restarts the ten minutes', () => {
    const { harness, a, b } = pair();
    a.bind(0x4000, b.relayed);
    harness.advance(400_000);
    for (const client of [a, b]) client.refresh();
    a.bind(0x4000, b.relayed);
    b.permit(a.relayed);
    harness.advance(250_000);
    b.send(a.relayed, 'still bound');
    expect(a.takeReceived()).toEqual([{ via: 'channel', from: 0x4000, payload: 'still bound' }]);
  });

  it('CHAN-5 refuses peers it would not permit with 403, and misses nothing silently', () => {
    const { a, b } = pair();
    expect(a.bind(0x4000, addressOf('169.254.169.254', 80))).toBe(403);
    expect(a.request(METHOD.channelBind, peerAttributes(b.relayed)).code).toBe(400);
  });

  it('CHAN-6 installs a permission', () => {
    const { a, b } = pair();
    a.bind(0x4000, b.relayed);
    b.permit(a.relayed);
    b.send(a.relayed, 'hello');
    expect(a.takeReceived()).toEqual([{ via: 'channel', from: 0x4000, payload: 'hello' }]);
  });

  it('CHAN-7 more than the limit is refused with 508', () => {
    const { harness, a, b } = pair({ limits: { channelsPerAllocation: 1 } });
    const c = harness.client('red-c');
    c.allocate();
    expect([a.bind(0x4000, b.relayed), a.bind(0x4001, c.relayed)]).toEqual([0, 508]);
  });
});
