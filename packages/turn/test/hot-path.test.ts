import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('hot-path-process.mjs', import.meta.url));
/** A young generation that a million packets do not fill: what is allocated stays to be counted. */
const YOUNG_GENERATION = ['--min-semi-space-size=128', '--max-semi-space-size=128'];
/** The compiler takes its time from us: a busy machine does not decide what has been compiled when we count. */
const FLAGS = ['--expose-gc', '--no-concurrent-recompilation', ...YOUNG_GENERATION];
/** V8 boxes one number, or four, as it has chosen what to inline. Each takes 16 bytes. */
const A_FEW_BOXES = 80;

/** What a million packets of one kind cost. */
interface Cost {
  readonly relayed: number;
  readonly collections: number;
  readonly bytesPerPacket: number;
  readonly retainedBytes: number;
}

describe('a million packets through the engine', () => {
  let costs: { readonly send: Cost; readonly channelData: Cost };

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, SCRIPT], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    costs = JSON.parse(stdout);
  }, 120_000);

  it('DATA-15 ChannelData: next to nothing is allocated', () => {
    expect(costs.channelData.relayed).toBe(1_000_000);
    expect(costs.channelData.collections).toBe(0);
    expect(costs.channelData.bytesPerPacket).toBeLessThan(8);
  });

  it('DATA-15 Send: no more than a few boxed numbers are allocated', () => {
    expect(costs.send.relayed).toBe(1_000_000);
    expect(costs.send.collections).toBe(0);
    expect(costs.send.bytesPerPacket).toBeLessThan(A_FEW_BOXES);
  });

  it('DATA-15 nothing is kept', () => {
    expect(costs.channelData.retainedBytes).toBeLessThan(200_000);
    expect(costs.send.retainedBytes).toBeLessThan(200_000);
  });
});
