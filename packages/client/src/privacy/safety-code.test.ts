import { pbkdf2Sync } from 'node:crypto';
import { ParleyError } from '@parley/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deriveSafetyCode, readSafetyCode } from './safety-code.ts';
import type { VerifiedConnection } from './safety-code.ts';

const ADA = fingerprint(0x10);
const BOB = fingerprint(0xa0);
const EVE = fingerprint(0xe0);

function fingerprint(first: number): string {
  return Array.from({ length: 32 }, (_, index) => ((first + index) & 255).toString(16))
    .map((byte) => byte.padStart(2, '0').toUpperCase())
    .join(':');
}

function sdp(value: string): string {
  return `v=0\r\na=fingerprint:sha-256 ${value}\r\nm=audio 9 RTP 0\r\n`;
}

function codeOf(local: string, remote: string): Promise<string> {
  return deriveSafetyCode({ local: sdp(local), remote: sdp(remote) });
}

/** The rule as docs/PRIVACY.md describes it, by other means. */
function codeByHand(low: string, high: string): string {
  const bytes = pbkdf2Sync(`${low} ${high}`, 'parley safety code v1', 262_144, 30, 'sha256');
  return [0, 5, 10, 15, 20, 25]
    .map((start) => String(bytes.readUIntBE(start, 5) % 100_000).padStart(5, '0'))
    .join(' ');
}

/** A safety code is slow on purpose. */
const SLOW = { timeout: 60_000 };

describe('deriveSafetyCode', SLOW, () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('CODE-3 is the one the documentation describes', async () => {
    const code = await codeOf(ADA, BOB);
    expect(code).toBe(codeByHand(ADA, BOB));
    expect(code).toBe('76188 28137 84152 98371 88794 31427');
  });

  it('CODE-4 is the same on both sides, in whatever letters they write', async () => {
    const [ada, bob] = await Promise.all([codeOf(ADA, BOB), codeOf(BOB, ADA.toLowerCase())]);
    expect(ada).toBe(bob);
    expect(ada).toMatch(/^\d{5}(?: \d{5}){5}$/);
  });

  it('CODE-4 another certificate on either side is another code', async () => {
    const codes = await Promise.all([codeOf(ADA, BOB), codeOf(ADA, EVE), codeOf(EVE, BOB)]);
    expect(new Set(codes).size).toBe(3);
    const groups = codes.flatMap((code) => code.split(' '));
    expect(new Set(groups).size).toBe(groups.length);
  });

  it.each<readonly [string, string, string]>([
    ['ours', '', sdp(BOB)],
    ['theirs', sdp(ADA), ''],
    ['theirs, which has two,', sdp(ADA), sdp(BOB) + sdp(EVE)],
  ])('CODE-2 there is none when %s is in doubt', async (_, local, remote) => {
    const failure: unknown = await deriveSafetyCode({ local, remote }).catch((error) => error);
    expect(failure).toBeInstanceOf(ParleyError);
    expect(failure).toMatchObject({ code: 'ERR_FINGERPRINT' });
  });

  it('names the reason when the page is not secure', async () => {
    vi.stubGlobal('crypto', {});
    await expect(codeOf(ADA, BOB)).rejects.toMatchObject({ code: 'ERR_CRYPTO_UNAVAILABLE' });
  });
});

/** A connection whose state and other side a test can change. */
class Connection implements VerifiedConnection {
  connectionState: RTCPeerConnectionState = 'connected';
  readonly currentLocalDescription = description('answer', ADA);
  currentRemoteDescription: RTCSessionDescription | null = description('offer', BOB);
}

function description(type: RTCSdpType, value: string): RTCSessionDescription {
  const init = { type, sdp: sdp(value) };
  return { ...init, toJSON: () => init };
}

describe('readSafetyCode', SLOW, () => {
  it('CODE-1 is made from the descriptions in force', async () => {
    expect(await readSafetyCode(new Connection())).toBe(await codeOf(ADA, BOB));
  });

  it.each<RTCPeerConnectionState>(['new', 'connecting', 'disconnected', 'failed', 'closed'])(
    'CODE-1 there is none while the connection is %s',
    async (state) => {
      const connection = new Connection();
      connection.connectionState = state;
      await expect(readSafetyCode(connection)).rejects.toMatchObject({ code: 'ERR_FINGERPRINT' });
    },
  );

  it('CODE-1 there is none before both sides are described', async () => {
    const connection = new Connection();
    connection.currentRemoteDescription = null;
    await expect(readSafetyCode(connection)).rejects.toMatchObject({ code: 'ERR_FINGERPRINT' });
  });

  it('CODE-4 follows another certificate that comes while it is made', async () => {
    const connection = new Connection();
    const reading = readSafetyCode(connection);
    connection.currentRemoteDescription = description('offer', EVE);
    expect(await reading).toBe(await codeOf(ADA, EVE));
  });

  it('CODE-1 there is none when the connection breaks while it is made', async () => {
    const connection = new Connection();
    const reading = readSafetyCode(connection);
    connection.connectionState = 'connecting';
    await expect(reading).rejects.toMatchObject({ code: 'ERR_FINGERPRINT' });
  });
});
