/** Cables of the laboratory that are long, slow or bad, seen by real packets. */
import { openNetworkLab, ping, startMirror, startShapedSwitch } from '@parley/testkit';
import type { CableShape, LabHost, Mirror, NetworkLab, ShapedSwitch } from '@parley/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const DEVICE = 'eth0';
const MIRROR = ['10.98.0.1', '10.98.0.3'] as const;
const CALLER = '10.98.0.2';
/** A frame leaves at most so much before its time, at each end. */
const TOLERANCE_MS = 1;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

describe('a shaped cable', () => {
  let lab: NetworkLab;
  let cables: ShapedSwitch;
  let mirror: Mirror;
  let server: LabHost;
  let caller: LabHost;

  beforeAll(async () => {
    lab = await openNetworkLab();
    server = await lab.addHost('server');
    caller = await lab.addHost('caller');
    cables = await startShapedSwitch([
      { host: server, device: DEVICE },
      { host: caller, device: DEVICE },
    ]);
    await server.ip(...MIRROR.map((address) => `address add ${address}/24 dev ${DEVICE}`));
    await caller.ip(`address add ${CALLER}/24 dev ${DEVICE}`);
    mirror = await startMirror(server, MIRROR);
  });
  afterAll(async () => {
    await mirror?.close();
    await cables?.close();
    await lab?.close();
  });

  /** Asks once, so that both sides know each other's hardware address, then takes the new shape. */
  async function shapeBoth(cable: CableShape): Promise<void> {
    for (const host of [server, caller]) cables.shape(host, {});
    await ping(caller, mirror, { count: 1 });
    for (const host of [server, caller]) cables.shape(host, cable);
  }

  it('loses nothing when it is perfect, not even in a burst', async () => {
    await shapeBoth({});
    const burst = { count: 60, bytes: 1_200, intervalMs: 0 };
    expect(await ping(caller, mirror, burst)).toHaveLength(burst.count);
  });

  it.each([0, 100, 200])('gives a round trip of %i ms', async (roundTripMs) => {
    await shapeBoth({ up: { delayMs: roundTripMs / 2 } });
    const measured = await ping(caller, mirror, { count: 20 });
    expect(measured).toHaveLength(20);
    expect(Math.min(...measured)).toBeGreaterThan(roundTripMs - 2 * TOLERANCE_MS);
    console.log(`wanted ${roundTripMs} ms, median ${median(measured).toFixed(1)} ms`);
  });

  it('delays one direction only', async () => {
    await shapeBoth({});
    cables.shape(caller, { down: { delayMs: 80 } });
    const measured = await ping(caller, mirror);
    expect(Math.min(...measured)).toBeGreaterThan(80 - TOLERANCE_MS);
  });

  it('loses a share of the packets, or all of them', async () => {
    await shapeBoth({ up: { loss: 0.2 } });
    const measured = await ping(caller, mirror, { count: 400, intervalMs: 1 });
    // Of 400 round trips 256 are to be expected; 56 is more than five standard deviations.
    expect(Math.abs(measured.length - 400 * 0.8 ** 2)).toBeLessThan(56);
    await shapeBoth({ up: { loss: 1 } });
    expect(await ping(caller, mirror)).toEqual([]);
  });

  it('holds a rate: what does not fit into its queue is lost', async () => {
    await shapeBoth({});
    cables.shape(caller, { up: { rate: 1_000_000, queueBytes: 20_000 } });
    const sent = { count: 100, bytes: 1_200, intervalMs: 0 };
    const measured = await ping(caller, mirror, sent);
    expect(measured.length).toBeGreaterThanOrEqual(15);
    expect(measured.length).toBeLessThan(sent.count / 2);
    // The last one has waited behind the others: 15 frames of 1242 bytes at a megabit a second.
    expect(Math.max(...measured)).toBeGreaterThan((15 * 1_242 * 8) / 1_000);
  });
});
