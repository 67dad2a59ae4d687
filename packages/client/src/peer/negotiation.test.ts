import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { formatSdp, parseSdp } from '../testing/fake-sdp.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { Negotiation } from './negotiation.ts';
import { decodeSignal } from './signal.ts';
import type { DescriptionSignal, PeerSignal } from './signal.ts';

const OWN_MEDIA = { camera: true, microphone: true, version: 1 };
const EPOCH = 2;

function setUp({ polite = false } = {}) {
  const connection = new FakeConnection();
  const sent: PeerSignal[] = [];
  const applied: DescriptionSignal[] = [];
  const warnings: unknown[] = [];
  const negotiation = new Negotiation({
    connection: connection.dom,
    polite,
    epoch: EPOCH,
    logger: { ...SILENT_LOGGER, warn: (_message, fields) => warnings.push(fields?.error) },
    media: () => OWN_MEDIA,
    mids: () => ({}),
    send: (event, payload) => {
      const signal = decodeSignal(event, payload);
      if (signal !== undefined) sent.push(signal);
    },
    onRemoteDescription: (description) => applied.push(description),
  });
  const offer = async (): Promise<void> => {
    connection.addTransceiver('audio');
    negotiation.negotiate();
    await settle();
  };
  return { connection, negotiation, sent, applied, warnings, offer };
}

function sdpOf(ufrag: string): string {
  return formatSdp({ ufrag, sections: [{ kind: 'audio', mid: '0', direction: 'sendrecv' }] });
}

function describeAs(
  type: 'offer' | 'answer',
  { ufrag = 'remote', offer = 1, epoch = EPOCH } = {},
): DescriptionSignal {
  return { type, sdp: sdpOf(ufrag), mark: { epoch, offer, media: undefined } };
}

function plain(type: 'offer' | 'answer'): DescriptionSignal {
  return { type, sdp: sdpOf('remote'), mark: undefined };
}

function candidateOf(usernameFragment: string | null, epoch?: number): PeerSignal {
  return {
    type: 'candidate',
    candidate: { candidate: 'candidate:1', sdpMid: '0', usernameFragment },
    epoch,
  };
}

function ufragOf(description: { readonly sdp: string } | null): string {
  return parseSdp(description?.sdp ?? 'v=0').ufrag;
}

describe('an offer of ours', () => {
  it('carries epoch, number and the state of our devices', async () => {
    const { sent, offer } = setUp();
    await offer();
    expect(sent[0]).toMatchObject({
      type: 'offer',
      mark: { epoch: EPOCH, offer: 1, media: OWN_MEDIA },
    });
  });

  it('is made once, however often it is asked for', async () => {
    const { sent, negotiation, offer } = setUp();
    negotiation.negotiate();
    await offer();
    negotiation.negotiate();
    await settle();
    expect(sent).toHaveLength(1);
  });

  it('is settled by its answer', async () => {
    const { connection, negotiation, applied, offer } = setUp();
    await offer();
    negotiation.receive(describeAs('answer'));
    await settle();
    expect(connection.signalingState).toBe('stable');
    expect(applied.map(({ type }) => type)).toEqual(['answer']);
  });

  it('is settled by the answer of a page without the SDK', async () => {
    const { connection, negotiation, offer } = setUp();
    await offer();
    negotiation.receive(plain('answer'));
    await settle();
    expect(connection.signalingState).toBe('stable');
  });

  it('is not settled by the answer to an earlier one', async () => {
    const { connection, negotiation, offer, sent } = setUp();
    await offer();
    negotiation.receive(describeAs('answer'));
    await settle();
    connection.restartIce();
    negotiation.negotiate();
    await settle();
    expect(sent.at(-1)).toMatchObject({ mark: { offer: 2 } });
    negotiation.receive(describeAs('answer', { ufrag: 'stale', offer: 1 }));
    await settle();
    expect(connection.signalingState).toBe('have-local-offer');
    negotiation.receive(describeAs('answer', { ufrag: 'fresh', offer: 2 }));
    await settle();
    expect(ufragOf(connection.remoteDescription)).toBe('fresh');
  });
});

describe('a restart', () => {
  it('offers another search for a path, once', async () => {
    const { connection, negotiation, sent, offer } = setUp();
    await offer();
    negotiation.receive(describeAs('answer'));
    const before = ufragOf(connection.localDescription);
    negotiation.restart();
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['offer', 'offer']);
    expect(ufragOf(connection.localDescription)).not.toBe(before);
  });

  it('replaces an offer that was never answered', async () => {
    const { connection, negotiation, sent, offer } = setUp();
    await offer();
    negotiation.restart();
    await settle();
    expect(sent).toMatchObject([{ mark: { offer: 1 } }, { mark: { offer: 2 } }]);
    expect(parseSdp(connection.localDescription?.sdp ?? '').sections).toHaveLength(1);
    negotiation.receive(describeAs('answer', { ufrag: 'late', offer: 1 }));
    negotiation.receive(describeAs('answer', { offer: 2 }));
    await settle();
    expect(ufragOf(connection.remoteDescription)).toBe('remote');
  });
});

describe('an offer of the other side', () => {
  it('is answered with its number', async () => {
    const { connection, negotiation, sent } = setUp();
    negotiation.receive(describeAs('offer', { offer: 7 }));
    await settle();
    expect(sent[0]).toMatchObject({ type: 'answer', mark: { epoch: EPOCH, offer: 7 } });
    expect(connection.signalingState).toBe('stable');
  });

  it('is known before the answer is made, so that sections can be adopted', async () => {
    const { negotiation, applied, connection } = setUp();
    negotiation.receive(describeAs('offer'));
    await settle();
    expect(applied).toHaveLength(1);
    expect(connection.localDescription?.type).toBe('answer');
  });

  it('that is delivered twice is answered once', async () => {
    const { negotiation, sent } = setUp();
    negotiation.receive(describeAs('offer'));
    negotiation.receive(describeAs('offer'));
    await settle();
    expect(sent).toHaveLength(1);
  });

  it('of a page without the SDK is answered each time', async () => {
    const { negotiation, sent } = setUp();
    negotiation.receive(plain('offer'));
    negotiation.receive(plain('offer'));
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['answer', 'answer']);
  });

  it('of another epoch is dropped', async () => {
    const { negotiation, sent, applied } = setUp();
    negotiation.receive(describeAs('offer', { epoch: EPOCH - 1 }));
    await settle();
    expect([sent, applied]).toEqual([[], []]);
  });

  it('that makes no sense is reported, and the next one is taken', async () => {
    const { negotiation, sent, warnings } = setUp();
    negotiation.receive({ type: 'offer', sdp: 'nonsense', mark: undefined });
    negotiation.receive(describeAs('offer', { offer: 2 }));
    await settle();
    expect(warnings).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });
});

describe('two offers that cross', () => {
  it('the impolite side goes on with its own', async () => {
    const { connection, negotiation, sent, offer } = setUp({ polite: false });
    await offer();
    negotiation.receive(describeAs('offer'));
    await settle();
    expect(connection.signalingState).toBe('have-local-offer');
    expect(sent).toHaveLength(1);
  });

  it('the impolite side ignores the candidates of the offer it ignored', async () => {
    const { connection, negotiation, offer } = setUp({ polite: false });
    await offer();
    negotiation.receive(plain('offer'));
    negotiation.receive(candidateOf(null));
    negotiation.receive(candidateOf('ignored'));
    negotiation.receive({ ...plain('answer'), sdp: sdpOf('second') });
    negotiation.receive(candidateOf('second'));
    await settle();
    expect(connection.candidates.map(({ usernameFragment }) => usernameFragment)).toEqual([
      'second',
    ]);
  });

  it('the polite side takes its own back and answers', async () => {
    const { connection, negotiation, sent, offer } = setUp({ polite: true });
    await offer();
    negotiation.receive(describeAs('offer'));
    await settle();
    expect(sent.map(({ type }) => type)).toEqual(['offer', 'answer']);
    expect(ufragOf(connection.remoteDescription)).toBe('remote');
  });
});

describe('candidates', () => {
  it('that come before the description wait for it', async () => {
    const { connection, negotiation } = setUp();
    negotiation.receive(candidateOf('remote'));
    await settle();
    expect(connection.candidates).toEqual([]);
    negotiation.receive(describeAs('offer'));
    await settle();
    expect(connection.candidates).toHaveLength(1);
  });

  it('of another epoch are dropped', async () => {
    const { connection, negotiation } = setUp();
    negotiation.receive(describeAs('offer'));
    negotiation.receive(candidateOf('remote', EPOCH - 1));
    negotiation.receive(candidateOf('remote', EPOCH));
    await settle();
    expect(connection.candidates).toHaveLength(1);
  });

  it('are sent with the epoch, until the negotiation is closed', () => {
    const { negotiation, sent } = setUp();
    negotiation.sendCandidates([{ candidate: 'candidate:1', sdpMid: '0' }]);
    negotiation.close();
    negotiation.sendCandidates([{ candidate: 'candidate:2', sdpMid: '0' }]);
    expect(sent).toMatchObject([{ epoch: EPOCH, candidate: { candidate: 'candidate:1' } }]);
  });
});

it('a closed negotiation sends and applies nothing any more', async () => {
  const { connection, negotiation, sent, warnings } = setUp();
  negotiation.receive(describeAs('offer'));
  negotiation.negotiate();
  negotiation.close();
  connection.close();
  await settle();
  expect([sent, warnings]).toEqual([[], []]);
});
