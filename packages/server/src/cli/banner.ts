/**
 * What the terminal shows once the server runs, in plain words.
 * @module
 */
import { renderUnicodeCompact } from 'uqr';
import type { RelayMode } from '../relay/relay-options.ts';
import type { ParleyServer } from '../running-server.ts';

/** What the banner tells about. */
export type BannerFacts = Pick<
  ParleyServer,
  | 'url'
  | 'publicUrl'
  | 'lanUrl'
  | 'port'
  | 'hasPage'
  | 'isSecure'
  | 'isBehindProxy'
  | 'relay'
  | 'externalTurn'
>;

const RELAYS: { readonly [M in RelayMode]: readonly string[] } = {
  hairpin: [
    'for those who cannot reach each other directly (TURN), between people of',
    'the same room only; it needs no further ports',
  ],
  open: [
    'for those who cannot reach each other directly (TURN), to any public',
    'address, from UDP ports of its own',
  ],
  off: ['none of our own: people behind strict networks may fail to connect'],
};

/** Room for a label, so that what it labels stands in one column. */
const LABEL_WIDTH = 9;

/** The lines to print for a server that has just started. */
export function formatBanner(facts: BannerFacts, version: string): string {
  return [
    `Parley ${version} is running.`,
    '',
    ...addressesOf(facts),
    ...labelled('Serves', servesOf(facts)),
    ...labelled('Relay', relayOf(facts)),
    ...labelled('Stop', ['Ctrl+C']),
    ...adviceFor(facts).map((paragraph) => `\n${paragraph}`),
  ].join('\n');
}

function addressesOf({ publicUrl, lanUrl, url }: BannerFacts): readonly string[] {
  if (publicUrl !== undefined) return labelled('Open', [publicUrl]);
  if (lanUrl === undefined) return labelled('Open', [url]);
  const code = renderUnicodeCompact(lanUrl, { border: 2 }).split('\n');
  return [...labelled('Open', [lanUrl, `${url} on this computer`]), '', ...labelled('', code), ''];
}

function servesOf({ port, hasPage, isSecure, relay }: BannerFacts): readonly string[] {
  const page = hasPage ? 'the page and ' : '';
  const scheme = isSecure ? 'https' : 'http';
  const turn = relay === 'off' ? '' : ' and the relay';
  const overTls = isSecure && relay !== 'off' ? ', with and without TLS' : '';
  return [
    `${page}signaling by ${scheme}${turn} on TCP port ${port}${overTls},`,
    `STUN${turn} on UDP port ${port}`,
  ];
}

function relayOf({ relay, externalTurn }: BannerFacts): readonly string[] {
  if (externalTurn.length === 0) return RELAYS[relay];
  const external = externalTurn.map((url) => `external: ${url}`);
  return relay === 'off' ? external : [...RELAYS[relay], ...external];
}

function adviceFor(facts: BannerFacts): readonly string[] {
  const { isSecure, isBehindProxy, lanUrl, port, hasPage } = facts;
  const advice: string[] = [];
  if (lanUrl !== undefined) {
    advice.push(
      '  Scan the code with a phone in this network. Nobody vouches for the certificate, so the\n' +
        '  browser warns: go on to the page once, and it will remember.',
    );
  } else if (isBehindProxy) {
    advice.push(
      `  The proxy carries the page and signaling. The relay is not HTTP: let people reach TCP and\n` +
        `  UDP port ${port} of this machine directly.`,
    );
  } else if (!isSecure) {
    advice.push(
      '  On this computer the link works as it is. On other devices browsers give out camera and\n' +
        '  microphone only over https: start with --lan for devices in this network, or with\n' +
        '  --domain NAME for everybody.',
    );
  }
  if (!hasPage) {
    advice.push(
      '  The page is not built, so there is nothing to open yet: run "npm run build", then start\n' +
        '  again. Signaling and STUN work all the same.',
    );
  }
  return advice;
}

function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`);
}
