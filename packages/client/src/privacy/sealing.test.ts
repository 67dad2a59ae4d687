import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { ParleyError, RELAYED_EVENTS, checkPayload, isPeerId } from '@parley/protocol';
import type { Payload, PeerId } from '@parley/protocol';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../test/fakes/gate.ts';
import { settle } from '../testing/settle.ts';
import { createLinkKey } from './link-key.ts';
import { Sealing, importLinkKey } from './sealing.ts';
import type { SealingOptions } from './sealing.ts';

const ROOM = 'daily';
const ADA = peerId('ada0ada0ada0ada0');
const BOB = peerId('bob1bob1bob1bob1');
const EVE = peerId('eve2eve2eve2eve2');
const KEY = 'AAECAwQFBgcICQoLDA0ODw';
const SALT = 'EBESExQVFhcYGRobHB0eHw';
const OFFER: Payload = { type: 'offer', sdp: 'v=0\r\n', parley: { epoch: 1, offer: 1 } };

function peerId(text: string): PeerId {
  if (isPeerId(text)) return text;
  throw new TypeError(text);
}

async function sealingOf(changes: Partial<SealingOptions> = {}): Promise<Sealing> {
  const key = await importLinkKey(KEY);
  return new Sealing({ key, room: ROOM, self: ADA, peer: BOB, ...changes });
}

/** What `promise` rejects with: the code, `'none'`, or another error as it is. */
async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof ParleyError ? error.code : error;
  }
}

/** The first call of `method` waits at the gate. */
function holdFirst(method: 'encrypt' | 'decrypt', gate: Gate): void {
  const { subtle } = crypto;
  const genuine = subtle[method].bind(subtle);
  vi.spyOn(subtle, method).mockImplementationOnce(async (...input) => {
    await gate.opened;
    return genuine(...input);
  });
}

/** A value whose type is not known before the program runs. */
function untyped(value: unknown): ReturnType<typeof JSON.parse> {
  return value;
}

interface Wire {
  readonly v: number;
  readonly s: string;
  readonly n: number;
  readonly d: string;
}

function wireOf(payload: Payload): Wire {
  const { sealed }: { readonly sealed: Wire } = JSON.parse(JSON.stringify(payload));
  return sealed;
}

function sealedBy(wire: Wire, changes: Partial<Wire>): Payload {
  return { sealed: { ...wire, ...changes } };
}

function flip(base64url: string, index: number, mask: number): string {
  const bytes = Buffer.from(base64url, 'base64url');
  bytes[index] = (bytes[index] ?? 0) ^ mask;
  return bytes.toString('base64url');
}

/** The format as docs/PRIVACY.md describes it, by other means. */
const BY_HAND = {
  key: (salt: string): Buffer =>
    Buffer.from(
      hkdfSync(
        'sha256',
        Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
        ROOM,
        `["parley sealed signal v1","${ADA}","${BOB}","${salt}"]`,
        32,
      ),
    ),
  nonce: (counter: number): Buffer => Buffer.from(counter.toString(16).padStart(24, '0'), 'hex'),
  bound: (event: string, counter: number): Buffer =>
    Buffer.from(`["parley sealed signal v1","${ROOM}","${ADA}","${BOB}","${event}",${counter}]`),
};

function sealByHand(text: string, counter: number): Payload {
  const cipher = createCipheriv('aes-256-gcm', BY_HAND.key(SALT), BY_HAND.nonce(counter));
  cipher.setAAD(BY_HAND.bound('offer', counter));
  const box = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return { sealed: { v: 1, s: SALT, n: counter, d: box.toString('base64url') } };
}

describe('Sealing', () => {
  let ada: Sealing;
  let bob: Sealing;

  beforeEach(async () => {
    ada = await sealingOf();
    bob = await sealingOf({ self: BOB, peer: ADA });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('SEAL-1 what one side seals the other opens', async () => {
    for (const event of RELAYED_EVENTS) {
      for (const payload of [OFFER, null, {}, { sdp: 'ü\u2028\u{1f600}' }]) {
        expect(await bob.open(event, await ada.seal(event, payload))).toEqual(payload);
        expect(await ada.open(event, await bob.seal(event, payload))).toEqual(payload);
      }
    }
  });

  it('SEAL-1 any payload the server takes comes back as it was', async () => {
    const payloads = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
    await fc.assert(
      fc.asyncProperty(payloads, async (value) => {
        const payload: Payload = JSON.parse(JSON.stringify(value));
        const sealed = await ada.seal('offer', payload);
        expect(checkPayload(sealed).ok).toBe(true);
        const travelled: Payload = JSON.parse(JSON.stringify(sealed));
        expect(await bob.open('offer', travelled)).toEqual(payload);
      }),
    );
  });

  it('SEAL-1 shows nothing of the payload but its length', async () => {
    const sealed = wireOf(await ada.seal('offer', OFFER));
    expect(Object.keys(sealed)).toEqual(['v', 's', 'n', 'd']);
    const box = Buffer.from(sealed.d, 'base64url');
    expect(box.byteLength).toBe(JSON.stringify(OFFER).length + 16);
    expect(box.toString('latin1')).not.toContain('sdp');
  });

  it('SEAL-2 opens what Node sealed by the documentation', async () => {
    const sealed = sealByHand(JSON.stringify(OFFER), 513);
    expect(await bob.open('offer', sealed)).toEqual(OFFER);
  });

  it('SEAL-2 seals so that Node opens it by the documentation', async () => {
    await ada.seal('answer', null);
    const { s, n, d } = wireOf(await ada.seal('offer', OFFER));
    const box = Buffer.from(d, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', BY_HAND.key(s), BY_HAND.nonce(n));
    decipher.setAAD(BY_HAND.bound('offer', n)).setAuthTag(box.subarray(-16));
    const text = decipher.update(box.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    expect([n, text]).toEqual([1, JSON.stringify(OFFER)]);
  });

  it('SEAL-2 stays readable for later versions', async () => {
    const frozen = {
      v: 1,
      s: SALT,
      n: 7,
      d: '--JJFn7n51_xqwMOTGFX9xgdUVsxcPqCfdVWSIxcCvs4SmbO0FGStF_daPc',
    };
    expect(sealByHand('{"type":"offer","sdp":"v=0"}', 7)).toEqual({ sealed: frozen });
    expect(await bob.open('offer', { sealed: frozen })).toEqual({ type: 'offer', sdp: 'v=0' });
  });

  it('SEAL-3 two ways of writing a room are the same room', async () => {
    const other = await sealingOf({ room: '  daily ' });
    expect(await codeOf(bob.open('offer', await other.seal('offer', OFFER)))).toBe('none');
  });

  it.each<readonly [string, () => Partial<SealingOptions>]>([
    ['another room', () => ({ room: 'weekly' })],
    ['another sender', () => ({ self: EVE })],
    ['another receiver', () => ({ peer: EVE })],
    ['the other direction', () => ({ self: BOB, peer: ADA })],
    ['a pair without ids', () => ({ self: undefined, peer: undefined })],
  ])('SEAL-3 a signal of %s is refused', async (_, changes) => {
    const other = await sealingOf(changes());
    const sealed = await other.seal('offer', OFFER);
    expect(await codeOf(bob.open('offer', sealed))).toBe('ERR_SEAL_BROKEN');
  });

  it('SEAL-3 a signal under another key is refused', async () => {
    const other = await sealingOf({ key: await importLinkKey(createLinkKey()) });
    const sealed = await other.seal('offer', OFFER);
    expect(await codeOf(bob.open('offer', sealed))).toBe('ERR_SEAL_BROKEN');
  });

  it('SEAL-3 a signal under the name of another event is refused', async () => {
    for (const event of RELAYED_EVENTS) {
      const sealed = await ada.seal(event, OFFER);
      for (const other of RELAYED_EVENTS.filter((name) => name !== event)) {
        expect(await codeOf(bob.open(other, sealed))).toBe('ERR_SEAL_BROKEN');
      }
    }
  });

  it.each<readonly [string, Payload]>([
    ['an offer', OFFER],
    ['the end of candidates', null],
  ])('SEAL-4 %s without a seal is refused', async (_, payload) => {
    expect(await codeOf(bob.open('offer', payload))).toBe('ERR_SIGNAL_UNSEALED');
  });

  it.each(['7', '"sealed"', '[]', '[{"sealed":1}]', undefined])(
    'SEAL-5 %s, which is no payload, is refused',
    async (text) => {
      const payload: Payload = untyped(text === undefined ? text : JSON.parse(text));
      expect(await codeOf(bob.open('offer', payload))).toBe('ERR_SIGNAL_UNSEALED');
    },
  );

  it('SEAL-5 every changed bit of the box is noticed', async () => {
    const wire = wireOf(await ada.seal('offer', OFFER));
    const { byteLength } = Buffer.from(wire.d, 'base64url');
    const codes = new Set<unknown>();
    for (let bit = 0; bit < byteLength * 8; bit += 1) {
      const changed = sealedBy(wire, { d: flip(wire.d, bit >> 3, 1 << (bit & 7)) });
      codes.add(await codeOf(bob.open('offer', changed)));
    }
    expect([...codes]).toEqual(['ERR_SEAL_BROKEN']);
    expect(await bob.open('offer', sealedBy(wire, {}))).toEqual(OFFER);
  });

  it('SEAL-5 every changed character of the signal is noticed', async () => {
    const text = JSON.stringify(await ada.seal('offer', OFFER));
    const changes = fc.record({
      at: fc.nat(text.length - 1),
      by: fc.string({ minLength: 1, maxLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(changes, async ({ at, by }) => {
        const changed = text.slice(0, at) + by + text.slice(at + 1);
        fc.pre(changed !== text && isJson(changed));
        expect(await codeOf(bob.open('offer', JSON.parse(changed)))).toMatch(/^ERR_S/);
      }),
      { numRuns: 1_000 },
    );
    expect(await bob.open('offer', JSON.parse(text))).toEqual(OFFER);
  });

  it('SEAL-5 a box that ends early is refused, wherever it ends', async () => {
    const wire = wireOf(await ada.seal('offer', OFFER));
    for (let length = 0; length < wire.d.length; length += 1) {
      const code = await codeOf(bob.open('offer', sealedBy(wire, { d: wire.d.slice(0, length) })));
      expect(code).toMatch(/^ERR_SEAL_(?:BROKEN|FORMAT)$/);
    }
    const longer = sealedBy(wire, { d: `${wire.d}AAAA` });
    expect(await codeOf(bob.open('offer', longer))).toMatch(/^ERR_SEAL_(?:BROKEN|FORMAT)$/);
  });

  it('SEAL-5 a genuine seal around something else is refused', async () => {
    const inside = ['', '{', '[]', '7', '"text"', 'true', '['.repeat(40_000)];
    for (const [counter, text] of inside.entries()) {
      const code = await codeOf(bob.open('offer', sealByHand(text, counter)));
      expect(code).toBe('ERR_SEAL_FORMAT');
    }
  });

  it('SEAL-6 the server takes a sealed signal of 48,000 bytes', async () => {
    const sealed = await ada.seal('offer', { sdp: 'x'.repeat(47_990) });
    expect(JSON.stringify(sealed).length).toBeGreaterThan(64_000);
    expect(checkPayload(sealed).ok).toBe(true);
  });

  it('SEAL-7 a signal is taken once', async () => {
    const sealed = await ada.seal('offer', OFFER);
    await bob.open('offer', sealed);
    expect(await codeOf(bob.open('offer', sealed))).toBe('ERR_SEAL_REPLAYED');
    const renumbered = sealedBy(wireOf(sealed), { n: 1 });
    expect(await codeOf(bob.open('offer', renumbered))).toBe('ERR_SEAL_BROKEN');
  });

  it('SEAL-7 two copies at the same moment are one', async () => {
    const sealed = await ada.seal('offer', OFFER);
    const codes = await Promise.all([1, 2].map(() => codeOf(bob.open('offer', sealed))));
    expect(codes).toEqual(['none', 'ERR_SEAL_REPLAYED']);
  });

  it('SEAL-7 candidates may overtake each other by 64', async () => {
    const sealed: Payload[] = [];
    for (let index = 0; index < 65; index += 1) {
      sealed.push(await ada.seal('icecandidate', { candidate: String(index) }));
    }
    const codes: unknown[] = [];
    for (const payload of sealed.toReversed()) {
      codes.push(await codeOf(bob.open('icecandidate', payload)));
    }
    expect(codes.slice(0, 64)).toEqual(Array(64).fill('none'));
    expect(codes[64]).toBe('ERR_SEAL_REPLAYED');
  });

  it('SEAL-7 a forged number does not move the window', async () => {
    const sealed = await ada.seal('offer', OFFER);
    const forged = sealedBy(wireOf(sealed), { n: 1_000 });
    expect(await codeOf(bob.open('offer', forged))).toBe('ERR_SEAL_BROKEN');
    expect(await codeOf(bob.open('offer', sealed))).toBe('none');
  });

  it('SEAL-8 runs with the same ids never share a key', async () => {
    const again = await sealingOf();
    const [first, second] = [await ada.seal('offer', OFFER), await again.seal('offer', OFFER)];
    expect(wireOf(second).n).toBe(wireOf(first).n);
    expect(wireOf(second).s).not.toBe(wireOf(first).s);
    expect(wireOf(second).d).not.toBe(wireOf(first).d);
  });

  it('SEAL-8 after the first genuine signal, signals of other runs are refused', async () => {
    const earlier = await sealingOf();
    await earlier.seal('offer', null);
    const old = await earlier.seal('offer', OFFER);
    const forged = sealedBy(wireOf(old), { d: 'AAAA' });
    expect(await codeOf(bob.open('offer', forged))).toBe('ERR_SEAL_BROKEN');
    expect(await codeOf(bob.open('offer', await ada.seal('offer', OFFER)))).toBe('none');
    expect(await codeOf(bob.open('offer', old))).toBe('ERR_SEAL_REPLAYED');
  });

  it('SEAL-8 own signals are refused, also when the server gives both sides one id', async () => {
    const mirror = await sealingOf({ self: ADA, peer: ADA });
    const sealed = await mirror.seal('offer', OFFER);
    expect(await codeOf(mirror.open('offer', sealed))).toBe('ERR_SEAL_REPLAYED');
  });

  it('SEAL-9 an offer can be sealed before any id is known', async () => {
    const unknown = { self: undefined, peer: undefined };
    const sealed = await (await sealingOf(unknown)).seal('offer', OFFER);
    expect(await (await sealingOf(unknown)).open('offer', sealed)).toEqual(OFFER);
    expect(await codeOf(bob.open('offer', sealed))).toBe('ERR_SEAL_BROKEN');
  });

  it('settles in the order of the calls, however long each takes', async () => {
    const gate = new Gate();
    holdFirst('encrypt', gate);
    const order: string[] = [];
    const first = ada.seal('offer', OFFER).finally(() => order.push('first'));
    const second = ada.seal('icecandidate', null).finally(() => order.push('second'));
    await settle();
    gate.open();
    const sealed = [await first, await second];
    expect(order).toEqual(['first', 'second']);
    expect(sealed.map((payload) => wireOf(payload).n)).toEqual([0, 1]);
  });

  it('opens in the order of the calls, however long each takes', async () => {
    const sealed = [await ada.seal('offer', OFFER), await ada.seal('offer', null)];
    const gate = new Gate();
    holdFirst('decrypt', gate);
    const opened: Payload[] = [];
    const all = sealed.map(async (payload) => opened.push(await bob.open('offer', payload)));
    await settle();
    gate.open();
    await Promise.all(all);
    expect(opened).toEqual([OFFER, null]);
  });
});

describe('importLinkKey', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('gives a key that cannot be read out', async () => {
    const key = await importLinkKey(KEY);
    expect([key.extractable, key.usages]).toEqual([false, ['deriveKey']]);
  });

  it('names the reason when the page is not secure', async () => {
    vi.stubGlobal('crypto', {});
    expect(await codeOf(importLinkKey(KEY))).toBe('ERR_CRYPTO_UNAVAILABLE');
  });

  it.each(['', 'A!', 'AAAA', KEY.slice(1)])('refuses %j, which is no key', async (text) => {
    expect(await codeOf(importLinkKey(text))).toBe('ERR_LINK_KEY');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
