import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSignal,
  decodeSignals,
  encodeCandidate,
  encodeCandidates,
  encodeDescription,
} from './signal.ts';

const MEDIA = { camera: true, microphone: false, version: 3 };

describe('descriptions', () => {
  it('come back as they went out', () => {
    const mark = { epoch: 1, offer: 2, media: MEDIA, mids: {} };
    const payload = encodeDescription('offer', 'v=0', mark);
    expect(decodeSignal('offer', payload)).toEqual({ type: 'offer', sdp: 'v=0', mark });
  });

  it('name the m-lines of a screen', () => {
    const mark = { epoch: 1, offer: 2, media: undefined, mids: { screen: '3', screenSound: '4' } };
    const payload = encodeDescription('offer', 'v=0', mark);
    expect(decodeSignal('offer', payload)).toMatchObject({ mark });
  });

  it('are plain session descriptions with one more member', () => {
    const payload = encodeDescription('answer', 'v=0', { epoch: 1, offer: 2, media: MEDIA });
    const parley = { epoch: 1, offer: 2, media: MEDIA, mids: {} };
    expect(payload).toEqual({ type: 'answer', sdp: 'v=0', parley });
  });

  it('of a page without the SDK have no mark', () => {
    expect(decodeSignal('offer', { type: 'offer', sdp: 'v=0' })).toEqual({
      type: 'offer',
      sdp: 'v=0',
      mark: undefined,
    });
    expect(decodeSignal('answer', { sdp: 'v=0' })?.type).toBe('answer');
  });

  it.each([null, {}, { sdp: 1 }, { type: 'offer' }])('%j says nothing', (payload) => {
    expect(decodeSignal('offer', payload)).toBeUndefined();
  });

  it.each([{ epoch: 1 }, { offer: 1 }, { epoch: '1', offer: 1 }, 'sdk', null, []])(
    'the mark %j is none',
    (parley) => {
      expect(decodeSignal('offer', { sdp: 'v=0', parley })).toMatchObject({ mark: undefined });
    },
  );
});

describe('candidates', () => {
  it('come back as they went out', () => {
    const candidate = {
      candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host',
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'abcd',
    };
    expect(decodeSignal('icecandidate', encodeCandidate(candidate, 1))).toEqual({
      type: 'candidate',
      candidate,
      epoch: 1,
    });
  });

  it('without a user fragment of their own take the one in their line', () => {
    const candidate = 'candidate:1 1 udp 1 127.0.0.1 9 typ host ufrag abcd network-id 1';
    expect(decodeSignal('icecandidate', { candidate, sdpMid: '0' })).toMatchObject({
      candidate: { usernameFragment: 'abcd', sdpMid: '0', sdpMLineIndex: null },
      epoch: undefined,
    });
  });

  it.each([null, {}, { candidate: '' }, { candidate: null }])('%j says nothing', (payload) => {
    expect(decodeSignal('icecandidate', payload)).toBeUndefined();
  });
});

it('decoding never throws, whatever a peer sends', () => {
  const payload = fc.oneof(
    fc.constant(null),
    fc.dictionary(
      fc.constantFrom('sdp', 'candidate', 'parley', 'type', 'usernameFragment', 'sdpMid'),
      fc.jsonValue(),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom('offer', 'answer', 'icecandidate'), payload, (event, value) => {
      const json = JSON.parse(JSON.stringify(value));
      expect(() => decodeSignal(event, json)).not.toThrow();
    }),
  );
});

describe('several candidates at once', () => {
  const found = ['one', 'two'].map((name) => ({
    candidate: `candidate:${name} ufrag u1`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: 'u1',
  }));

  it('SIG-78 come out as they went in', () => {
    expect(decodeSignals('icecandidate', encodeCandidates(found, 7))).toEqual(
      found.map((candidate) => ({ type: 'candidate', candidate, epoch: 7 })),
    );
  });

  it('a single signal is a list of one', () => {
    expect(decodeSignals('offer', { sdp: 'v=0' })).toHaveLength(1);
    expect(decodeSignals('icecandidate', { candidate: 'candidate:1' })).toHaveLength(1);
    expect(decodeSignals('icecandidate', null)).toEqual([]);
  });

  it('what is none is left out, and no list is too long', () => {
    const candidates = [7, null, [], { candidate: '' }, { candidate: 'candidate:1' }];
    expect(decodeSignals('icecandidate', { candidates })).toHaveLength(1);
    const many = Array.from({ length: 1000 }, () => ({ candidate: 'candidate:1' }));
    expect(decodeSignals('icecandidate', { candidates: many })).toHaveLength(64);
    expect(decodeSignals('offer', { candidates: many })).toEqual([]);
  });
});
