import { ParleyError, isPeerId } from '@parley/protocol';
import type { Payload, PeerId, RelayedEvent } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSignal, encodeCandidate, encodeDescription } from '../peer/signal.ts';
import { parseFingerprint } from './fingerprint.ts';
import { createLinkKey } from './link-key.ts';
import type { LinkKey } from './link-key.ts';
import { deriveSafetyCode } from './safety-code.ts';
import { Sealing, importLinkKey } from './sealing.ts';

const ADA = peerId('ada');
const BOB = peerId('bob');
const MEDIA = { camera: true, microphone: true, version: 1 };

function peerId(text: string): PeerId {
  if (isPeerId(text)) return text;
  throw new TypeError(text);
}

function descriptionWith(seed: number): string {
  const bytes = Array.from({ length: 32 }, (_, index) => (index * seed) % 256);
  const fingerprint = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  return `v=0\r\na=fingerprint:sha-256 ${fingerprint.toUpperCase()}\r\nm=audio 9 RTP 0\r\n`;
}

const ADA_SDP = descriptionWith(3);
const BOB_SDP = descriptionWith(5);
/** What the server shows to Ada in place of Bob's, and to Bob in place of Ada's. */
const SERVER_TO_ADA = descriptionWith(7);
const SERVER_TO_BOB = descriptionWith(11);

/** One signal as the server sees it. */
interface Passing {
  readonly event: RelayedEvent;
  readonly payload: Payload;
}

/** Decides what the receiver gets for what was sent. */
type Server = (signal: Passing, to: PeerId) => readonly Passing[];

/** A browser in this call, as far as signaling can see it. */
class Caller {
  readonly sdp: string;
  readonly sealing: Sealing | undefined;
  /** Of the description that is in force. */
  remote: string | undefined;
  readonly candidates: string[] = [];
  readonly refusals: string[] = [];
  #offers = 0;

  constructor(sdp: string, sealing: Sealing | undefined) {
    this.sdp = sdp;
    this.sealing = sealing;
  }

  offer(): Promise<Passing> {
    this.#offers += 1;
    return this.#pass('offer', this.#describe('offer', this.#offers));
  }

  candidate(text: string): Promise<Passing> {
    return this.#pass('icecandidate', encodeCandidate({ candidate: text }, 1));
  }

  /** Takes a signal as a room does; what it answers, if it does. */
  async receive({ event, payload }: Passing): Promise<Passing | undefined> {
    try {
      const opened = this.sealing === undefined ? payload : await this.sealing.open(event, payload);
      const signal = decodeSignal(event, opened);
      if (signal === undefined) return undefined;
      if (signal.type === 'candidate') {
        this.candidates.push(signal.candidate.candidate ?? '');
        return undefined;
      }
      this.remote = signal.sdp;
      if (signal.type === 'answer') return undefined;
      return await this.#pass('answer', this.#describe('answer', signal.mark?.offer ?? 0));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      this.refusals.push(error.code);
      return undefined;
    }
  }

  safetyCode(): Promise<string> {
    return deriveSafetyCode({ local: this.sdp, remote: this.remote ?? '' });
  }

  #describe(type: 'offer' | 'answer', offer: number): Payload {
    return encodeDescription(type, this.sdp, { epoch: 1, offer, media: MEDIA });
  }

  async #pass(event: RelayedEvent, payload: Payload): Promise<Passing> {
    return { event, payload: (await this.sealing?.seal(event, payload)) ?? payload };
  }
}

async function callers(link: LinkKey | undefined): Promise<readonly [Caller, Caller]> {
  const key = link === undefined ? undefined : await importLinkKey(link);
  const sealing = (self: PeerId, peer: PeerId): Sealing | undefined =>
    key === undefined ? undefined : new Sealing({ key, room: 'daily', self, peer });
  return [new Caller(ADA_SDP, sealing(ADA, BOB)), new Caller(BOB_SDP, sealing(BOB, ADA))];
}

/** Ada calls Bob, and all that either sends goes through `server`. */
async function call(ada: Caller, bob: Caller, server: Server): Promise<void> {
  const sent = [await ada.offer(), await ada.candidate('candidate:1 1 udp 1 192.0.2.1 1 typ host')];
  for (const signal of sent) {
    for (const arrived of server(signal, BOB)) {
      const answer = await bob.receive(arrived);
      if (answer === undefined) continue;
      for (const back of server(answer, ADA)) await ada.receive(back);
    }
  }
}

const honest: Server = (signal) => [JSON.parse(JSON.stringify(signal))];

/** Puts its own certificate into every description it can read. */
const inTheMiddle: Server = (signal, to) => {
  const text = JSON.stringify(signal);
  const [theirs, own] = to === BOB ? [ADA_SDP, SERVER_TO_BOB] : [BOB_SDP, SERVER_TO_ADA];
  return [JSON.parse(text.replaceAll(JSON.stringify(theirs), JSON.stringify(own)))];
};

/** Sends a description of its own in place of each one it passes on. */
const forging: Server = ({ event }, to) => {
  const sdp = to === BOB ? SERVER_TO_BOB : SERVER_TO_ADA;
  if (event === 'icecandidate') {
    return [{ event, payload: encodeCandidate({ candidate: 'candidate:server' }, 1) }];
  }
  return [{ event, payload: encodeDescription(event, sdp, { epoch: 1, offer: 1, media: MEDIA }) }];
};

/** A safety code is slow on purpose. */
const SLOW = { timeout: 60_000 };

describe('a hostile server, when the link has no key', SLOW, () => {
  it('CODE-5 can be in the middle, and the safety codes differ', async () => {
    const [ada, bob] = await callers(undefined);
    await call(ada, bob, inTheMiddle);
    expect([ada.remote, bob.remote]).toEqual([SERVER_TO_ADA, SERVER_TO_BOB]);
    expect(await ada.safetyCode()).not.toBe(await bob.safetyCode());
  });

  it('CODE-5 an honest one shows the same code to both', async () => {
    const [ada, bob] = await callers(undefined);
    await call(ada, bob, honest);
    expect([ada.remote, bob.remote]).toEqual([BOB_SDP, ADA_SDP]);
    expect(await ada.safetyCode()).toBe(await bob.safetyCode());
  });

  it('CODE-2 hides nobody behind the right certificate', async () => {
    const [ada, bob] = await callers(undefined);
    const stranger = 'a=fingerprint:sha-512 00';
    await call(ada, bob, (signal) => [
      JSON.parse(JSON.stringify(signal).replaceAll('m=audio', `${stranger}\\r\\nm=audio`)),
    ]);
    expect(bob.remote).toContain(parseFingerprint(ADA_SDP));
    await expect(bob.safetyCode()).rejects.toMatchObject({ code: 'ERR_FINGERPRINT' });
  });
});

describe('a hostile server, when the link has a key', SLOW, () => {
  it('SEAL-10 an honest one connects them', async () => {
    const [ada, bob] = await callers(createLinkKey());
    await call(ada, bob, honest);
    expect([ada.remote, bob.remote]).toEqual([BOB_SDP, ADA_SDP]);
    expect(bob.candidates).toHaveLength(1);
    expect([...ada.refusals, ...bob.refusals]).toEqual([]);
    expect(await ada.safetyCode()).toBe(await bob.safetyCode());
  });

  it('SEAL-10 finds no description to put its certificate into', async () => {
    const [ada, bob] = await callers(createLinkKey());
    const seen: string[] = [];
    await call(ada, bob, (signal, to) => {
      seen.push(JSON.stringify(signal));
      return inTheMiddle(signal, to);
    });
    expect([ada.remote, bob.remote]).toEqual([BOB_SDP, ADA_SDP]);
    expect(seen).toHaveLength(3);
    expect(seen.join(' ')).not.toMatch(/fingerprint|candidate:|192\.0\.2/);
  });

  it('SEAL-10 is refused with descriptions of its own', async () => {
    const [ada, bob] = await callers(createLinkKey());
    await call(ada, bob, forging);
    await ada.receive({ event: 'answer', payload: { type: 'answer', sdp: SERVER_TO_ADA } });
    expect([ada.remote, bob.remote, bob.candidates]).toEqual([undefined, undefined, []]);
    expect(ada.refusals).toEqual(['ERR_SIGNAL_UNSEALED']);
    expect(bob.refusals).toEqual(['ERR_SIGNAL_UNSEALED', 'ERR_SIGNAL_UNSEALED']);
  });

  it('SEAL-10 is refused with descriptions it sealed under a key of its own', async () => {
    const [ada, bob] = await callers(createLinkKey());
    const [forger] = await callers(createLinkKey());
    const forged = await new Caller(SERVER_TO_BOB, forger.sealing).offer();
    await call(ada, bob, () => [forged]);
    expect([ada.remote, bob.remote]).toEqual([undefined, undefined]);
    expect(bob.refusals).toEqual(['ERR_SEAL_BROKEN', 'ERR_SEAL_BROKEN']);
  });

  it('SEAL-8 cannot make a returning caller seal two messages alike', async () => {
    const link = createLinkKey();
    const [before, after] = [await callers(link), await callers(link)];
    const [first, second] = [await before[0].offer(), await after[0].offer()];
    expect(second.payload).not.toEqual(first.payload);
  });

  it('SEAL-10 whatever it does, each takes what the other sent, and once', async () => {
    const link = createLinkKey();
    const act = fc.record({
      take: fc.nat(),
      event: fc.constantFrom<RelayedEvent | undefined>(
        undefined,
        'offer',
        'answer',
        'icecandidate',
      ),
      number: fc.option(fc.nat(8), { nil: undefined }),
      cut: fc.option(fc.nat(400), { nil: undefined }),
      to: fc.constantFrom(ADA, BOB),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
        const [ada, bob] = await callers(link);
        const candidates = ['candidate:1', 'candidate:2', 'candidate:3'];
        const seen = [await ada.offer()];
        for (const text of candidates) seen.push(await ada.candidate(text));
        for (const { take, event, number, cut, to } of acts) {
          const signal = seen[take % seen.length];
          if (signal === undefined) continue;
          const receiver = to === ADA ? ada : bob;
          const answer = await receiver.receive(distort(signal, { event, number, cut }));
          if (answer !== undefined) seen.push(answer);
        }
        expect([undefined, BOB_SDP]).toContain(ada.remote);
        expect([undefined, ADA_SDP]).toContain(bob.remote);
        expect(ada.candidates).toEqual([]);
        expect(new Set(bob.candidates).size).toBe(bob.candidates.length);
        expect(candidates).toEqual(expect.arrayContaining(bob.candidates));
        expect(seen.length).toBeLessThanOrEqual(1 + candidates.length + 1);
      }),
      { numRuns: 60 },
    );
  });
});

interface Distortion {
  readonly event: RelayedEvent | undefined;
  readonly number: number | undefined;
  readonly cut: number | undefined;
}

/** The signal under another event, number or length, or as it is. */
function distort({ event, payload }: Passing, change: Distortion): Passing {
  const { sealed }: { sealed: { n: number; d: string } } = JSON.parse(JSON.stringify(payload));
  const changed = {
    ...sealed,
    n: change.number ?? sealed.n,
    d: sealed.d.slice(0, change.cut),
  };
  return { event: change.event ?? event, payload: { sealed: changed } };
}
