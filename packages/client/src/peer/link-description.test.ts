import { describe, expect, it } from 'vitest';
import { describeLink } from './link-description.ts';
import type { LinkDescription } from './link-description.ts';
import { pairInUse } from './link-signs.ts';
import type { StatsEntry } from './stats-entry.ts';

type Fields = Omit<Partial<StatsEntry>, 'id'>;

function entriesOf(entries: { readonly [id: string]: Fields }): readonly StatsEntry[] {
  return Object.entries(entries).map(([id, entry]) =>
    Object.assign({ id, type: '', timestamp: 0 }, entry),
  );
}

function describeReport(
  entries: readonly StatsEntry[],
  before: readonly StatsEntry[] = [],
): LinkDescription {
  return describeLink(entries, before, pairInUse(entries));
}

const PAIR = { type: 'candidate-pair', localCandidateId: 'local', remoteCandidateId: 'remote' };
const TRANSPORT = { type: 'transport', selectedCandidatePairId: 'pair' };
/** As Chromium and Firefox give it to relays by UDP, TCP and TLS. */
const PRIORITY = { udp: 41_885_439, tcp: 25_108_223, tls: 8_331_007, firefoxUdp: 92_217_086 };

function pathOf(local: Fields, remote: Fields): string | undefined {
  const candidates = {
    local: { type: 'local-candidate', ...local },
    remote: { type: 'remote-candidate', ...remote },
  };
  return describeReport(entriesOf({ transport: TRANSPORT, pair: PAIR, ...candidates })).path;
}

describe('the path', () => {
  const host = { candidateType: 'host' };
  const srflx = { candidateType: 'srflx' };
  const relay = { candidateType: 'relay' } as const;

  it('is the worse of both ends', () => {
    expect(pathOf(host, host)).toBe('host');
    expect(pathOf(host, srflx)).toBe('srflx');
    expect(pathOf({ candidateType: 'prflx' }, host)).toBe('srflx');
    expect(pathOf({ ...relay, relayProtocol: 'udp' }, host)).toBe('relay-udp');
    expect(pathOf({ ...relay, relayProtocol: 'tls' }, relay)).toBe('relay-tls');
  });

  it('tells how the other side reaches its relay by the priority', () => {
    expect(pathOf(host, { ...relay, priority: PRIORITY.udp })).toBe('relay-udp');
    expect(pathOf(host, { ...relay, priority: PRIORITY.firefoxUdp })).toBe('relay-udp');
    expect(pathOf(host, { ...relay, priority: PRIORITY.tls })).toBe('relay-tls');
    const udp = { ...relay, relayProtocol: 'udp' } as const;
    expect(pathOf(udp, { ...relay, priority: PRIORITY.tcp })).toBe('relay-tcp');
  });

  it('is unknown until there is a pair', () => {
    expect(describeReport([]).path).toBeUndefined();
  });

  it('is that of the pair which Firefox calls selected', () => {
    const { path } = describeReport(
      entriesOf({
        other: { ...PAIR, localCandidateId: 'nobody' },
        pair: { ...PAIR, selected: true },
        local: { type: 'local-candidate', candidateType: 'host' },
        remote: { type: 'remote-candidate', candidateType: 'host' },
      }),
    );
    expect(path).toBe('host');
  });
});

/** Quality of a link with these readings, after a look that gave those of `before`. */
function quality(fields: Fields, before: Fields = {}): string {
  const [entries, earlier] = [fields, before].map((entry) =>
    entriesOf({ transport: TRANSPORT, pair: { ...PAIR, ...entry }, media: entry }),
  );
  return describeReport(entries ?? [], earlier).quality;
}

describe('quality', () => {
  const inbound = { type: 'inbound-rtp' };

  it('suffers from a long way', () => {
    expect(quality({ currentRoundTripTime: 0.1 })).toBe('good');
    expect(quality({ currentRoundTripTime: 0.4 })).toBe('fair');
    expect(quality({ currentRoundTripTime: 0.9 })).toBe('poor');
  });

  it('suffers from what was lost since the look before, not from what was lost earlier', () => {
    const before = { ...inbound, packetsReceived: 100, packetsLost: 50 };
    expect(quality({ ...inbound, packetsReceived: 200, packetsLost: 50 }, before)).toBe('good');
    expect(quality({ ...inbound, packetsReceived: 195, packetsLost: 55 }, before)).toBe('fair');
    expect(quality({ ...inbound, packetsReceived: 150, packetsLost: 100 }, before)).toBe('poor');
  });

  it('suffers from what the other side misses', () => {
    expect(quality({ type: 'remote-inbound-rtp', fractionLost: 0.25 })).toBe('poor');
  });
});

it('tells the round trip, and what limits us most', () => {
  const entries = entriesOf({
    transport: TRANSPORT,
    pair: { ...PAIR, currentRoundTripTime: 0.0814 },
    one: { type: 'outbound-rtp', qualityLimitationReason: 'bandwidth' },
    two: { type: 'outbound-rtp', qualityLimitationReason: 'cpu' },
  });
  expect(describeReport(entries)).toMatchObject({ rttMs: 81, limitedBy: 'cpu' });
  expect(describeReport([]).limitedBy).toBe('none');
});
