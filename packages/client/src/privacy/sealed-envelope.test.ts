import type { Payload, PeerId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { peerId } from '../testing/fake-server.ts';
import type { Envelope } from './envelope.ts';
import { createLinkKey } from './link-key.ts';
import { openSealedEnvelope } from './sealed-envelope.ts';

const [ADA, BOB, EVE] = [peerId('ada'), peerId('bob'), peerId('eve')];
const OFFER: Payload = { type: 'offer', sdp: 'v=0' };

async function envelopeOf(self: PeerId, link: string): Promise<Envelope> {
  const envelope = await openSealedEnvelope(link, 'daily');
  envelope.useSelf(self);
  return envelope;
}

async function pair(link = createLinkKey()): Promise<readonly [Envelope, Envelope]> {
  return [await envelopeOf(ADA, link), await envelopeOf(BOB, link)];
}

describe('the envelope of a link with a key', () => {
  it('SEAL-1 hides what it carries, and gives it back on the other side', async () => {
    const [ada, bob] = await pair();
    const wrapped = await ada.wrap(BOB, 'offer', OFFER);
    expect(JSON.stringify(wrapped)).not.toContain('v=0');
    expect(await bob.unwrap(ADA, 'offer', wrapped)).toEqual(OFFER);
  });

  it('SEAL-4 takes nothing unsealed', async () => {
    const [ada] = await pair();
    for (const payload of [OFFER, null, {}]) {
      const code = 'ERR_SIGNAL_UNSEALED';
      expect(await ada.unwrap(BOB, 'offer', payload)).toMatchObject({ code });
      expect(await ada.unwrapJoinOffer(payload)).toMatchObject({ code });
    }
  });

  it('SEAL-3 takes nothing from behind another key, or that was meant for somebody else', async () => {
    const [ada, bob] = await pair();
    const [, stranger] = await pair();
    const wrapped = await ada.wrap(BOB, 'offer', OFFER);
    const code = 'ERR_SEAL_BROKEN';
    expect(await stranger.unwrap(ADA, 'offer', wrapped)).toMatchObject({ code });
    expect(await bob.unwrap(EVE, 'offer', wrapped)).toMatchObject({ code });
    expect(await bob.unwrapJoinOffer(wrapped)).toMatchObject({ code });
  });

  it('SEAL-7 takes a signal that is sent again once', async () => {
    const [ada, bob] = await pair();
    const wrapped = await ada.wrap(BOB, 'offer', OFFER);
    await bob.unwrap(ADA, 'offer', wrapped);
    expect(await bob.unwrap(ADA, 'offer', wrapped)).toMatchObject({ code: 'ERR_SEAL_REPLAYED' });
  });

  it('SEAL-9 an offer that travels with a join can be read by every member', async () => {
    const link = createLinkKey();
    const [ada, bob] = await pair(link);
    const newcomer = await openSealedEnvelope(link, 'daily');
    const wrapped = await newcomer.wrapJoinOffer(OFFER);
    expect(await ada.unwrapJoinOffer(wrapped)).toEqual(OFFER);
    expect(await bob.unwrapJoinOffer(wrapped)).toEqual(OFFER);
  });

  it('keeps the order, also between the offer of a join and what follows it', async () => {
    const link = createLinkKey();
    const [ada] = await pair(link);
    const bob = await openSealedEnvelope(link, 'daily');
    const offer = await bob.wrapJoinOffer(OFFER);
    bob.useSelf(BOB);
    const candidates = [1, 2, 3].map((number) => ({ candidate: `candidate:${number}` }));
    const wrapped = await Promise.all(
      candidates.map(async (c) => bob.wrap(ADA, 'icecandidate', c)),
    );
    const order: unknown[] = [];
    await Promise.all([
      Promise.resolve(ada.unwrapJoinOffer(offer)).then((opened) => order.push(opened)),
      ...wrapped.map(async (one) => order.push(await ada.unwrap(BOB, 'icecandidate', one))),
    ]);
    expect(order).toEqual([OFFER, ...candidates]);
  });
});

describe('people who come and go', () => {
  it('a lost one who returns under the same id is read as if nothing had been', async () => {
    const [ada, bob] = await pair();
    const first = await ada.wrap(BOB, 'offer', OFFER);
    await bob.unwrap(ADA, 'offer', first);
    bob.forget(ADA);
    expect(await bob.unwrap(ADA, 'offer', first)).toMatchObject({ code: 'ERR_SEAL_REPLAYED' });
    expect(await bob.unwrap(ADA, 'offer', await ada.wrap(BOB, 'offer', OFFER))).toEqual(OFFER);
    expect(await ada.unwrap(BOB, 'answer', await bob.wrap(ADA, 'answer', OFFER))).toEqual(OFFER);
  });

  it('only the last ones are remembered, and never at the cost of those who are here', async () => {
    const [ada, bob] = await pair();
    const first = await ada.wrap(BOB, 'offer', OFFER);
    await bob.unwrap(ADA, 'offer', first);
    for (let number = 0; number < 100; number += 1) bob.forget(peerId(`guest${number}`));
    expect(await bob.unwrap(ADA, 'offer', first)).toMatchObject({ code: 'ERR_SEAL_REPLAYED' });
    bob.forget(ADA);
    for (let number = 0; number < 100; number += 1) bob.forget(peerId(`guest${number}`));
    expect(await bob.unwrap(ADA, 'offer', first)).toEqual(OFFER);
  });

  it('SEAL-8 a new id of our own begins new seals', async () => {
    const [ada, bob] = await pair();
    await bob.unwrap(ADA, 'offer', await ada.wrap(BOB, 'offer', OFFER));
    bob.useSelf(EVE);
    expect(await bob.unwrap(ADA, 'offer', await ada.wrap(EVE, 'offer', OFFER))).toEqual(OFFER);
  });
});

it('KEY-3 a damaged key opens no envelope', async () => {
  const code = 'ERR_LINK_KEY';
  await expect(openSealedEnvelope('cut', 'daily')).rejects.toMatchObject({ code });
});
