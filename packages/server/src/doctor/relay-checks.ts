/**
 * Tries every STUN and TURN server that the guests were told to use: an allocation each, and a packet
 * there and back through the relay.
 * @module
 */
import { isIP } from 'node:net';
import type { IceServer } from '@parley/protocol';
import { TurnClient, TurnRefusal } from '@parley/turn';
import type { LinkTransport, TurnClientOptions } from '@parley/turn';
import { failed, passed, reasonOf, skipped, warned } from './check.ts';
import type { Check } from './check.ts';

/** What the look is made with. */
export interface RelayContext {
  /** What each guest was told; two guests of one room. */
  readonly guests: readonly (readonly IceServer[])[];
  /** Authorities to trust in place of those of the system, as PEM. */
  readonly authorities: string | undefined;
  /** How long to wait for each answer. @default 3000 */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 3000;
const STUN_PORT = 3478;
const STUN_TLS_PORT = 5349;
const URL_PARTS =
  /^(?<scheme>stuns?|turns?):(?<host>\[[0-9a-f:.]+\]|[^:?]+)(?::(?<port>\d+))?(?:\?transport=(?<transport>udp|tcp))?$/i;
const UNAUTHORIZED = 401;
const WRONG_CREDENTIALS = 441;
const PAYLOAD = 'parley doctor was here';

/** A server as a URL names it. */
interface Target {
  readonly isRelay: boolean;
  readonly transport: LinkTransport;
  readonly host: string;
  readonly port: number;
}

/** One row for each URL. */
export async function checkRelays(context: RelayContext): Promise<readonly Check[]> {
  const [first = [], second = []] = context.guests;
  if (context.guests.length < 2) return [skipped('relay', 'nobody was let in')];
  const checks: Check[] = [];
  for (const server of first) {
    for (const url of [server.urls].flat()) {
      const target = parseUrl(url);
      if (target === undefined) continue;
      const partner = second.find(({ urls }) => [urls].flat().includes(url));
      const accounts = [server, partner ?? server];
      const look = target.isRelay
        ? checkRelay(target, accounts, context)
        : checkStun(target, context);
      checks.push(await look);
    }
  }
  const hasRelay = checks.some(({ name }) => name.startsWith('TURN'));
  return hasRelay ? checks : [...checks, noRelay()];
}

function noRelay(): Check {
  return warned(
    'TURN',
    'the relay is off',
    'People behind strict networks cannot connect: start without --relay off, or name an --external-turn.',
  );
}

function parseUrl(url: string): Target | undefined {
  const parts = URL_PARTS.exec(url)?.groups;
  if (parts === undefined) return undefined;
  const { scheme = '', host = '', port, transport } = parts;
  const isSecure = scheme.endsWith('s');
  const plain = transport === 'tcp' ? 'tcp' : 'udp';
  return {
    isRelay: scheme.startsWith('turn'),
    transport: isSecure ? 'tls' : plain,
    host: host.replaceAll(/[[\]]/g, ''),
    port: Number(port ?? (isSecure ? STUN_TLS_PORT : STUN_PORT)),
  };
}

async function checkStun(target: Target, context: RelayContext): Promise<Check> {
  const name = nameOf(target);
  let client: TurnClient | undefined;
  try {
    client = await TurnClient.open(optionsOf(target, context));
    return passed(name, `we are ${await client.bind()}`);
  } catch (error) {
    return unreachable(target, error);
  } finally {
    client?.close();
  }
}

async function checkRelay(
  target: Target,
  accounts: readonly IceServer[],
  context: RelayContext,
): Promise<Check> {
  const clients: TurnClient[] = [];
  try {
    for (const { username = '', credential = '' } of accounts) {
      clients.push(await TurnClient.open({ ...optionsOf(target, context), username, credential }));
    }
    const [ada, bob] = clients;
    if (ada === undefined || bob === undefined) return skipped(nameOf(target), 'nobody was let in');
    return await exchange(target, ada, bob, context.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  } catch (error) {
    return error instanceof TurnRefusal ? refused(target, error) : unreachable(target, error);
  } finally {
    for (const client of clients) client.close();
  }
}

/** There and back through the relay. */
async function exchange(
  target: Target,
  ada: TurnClient,
  bob: TurnClient,
  timeoutMs: number,
): Promise<Check> {
  const name = nameOf(target);
  const [adasAddress, bobsAddress] = [await ada.allocate(), await bob.allocate()];
  await ada.permit(bobsAddress);
  await bob.permit(adasAddress);
  const startedAt = performance.now();
  ada.send(bobsAddress, Buffer.from(PAYLOAD));
  const there = await bob.receive(timeoutMs);
  if (there !== undefined) bob.send(adasAddress, there);
  const back = there && (await ada.receive(timeoutMs));
  if (back?.toString() === PAYLOAD) {
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    return passed(name, `relayed there and back in ${ms} ms`);
  }
  return failed(
    name,
    'allocated, but nothing came through',
    'The relay hands out addresses that do not work: with --relay open check --relay-addresses and its ports in the firewall.',
  );
}

function refused(target: Target, { status, message }: TurnRefusal): Check {
  if (status === UNAUTHORIZED || status === WRONG_CREDENTIALS) {
    return failed(
      nameOf(target),
      `credentials refused (${status})`,
      'The relay has another secret than the server: give both the same one (PARLEY_EXTERNAL_TURN_SECRET, or static-auth-secret of coturn), and set their clocks.',
    );
  }
  return failed(nameOf(target), message, 'See the log of the relay for why it refused.');
}

function unreachable(target: Target, error: unknown): Check {
  const { transport, port, host } = target;
  const reason = reasonOf(error);
  const name = nameOf(target);
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN') {
    return failed(name, reason, `Make the name ${host} point to the relay, in public DNS.`);
  }
  if (/CERT|SELF_SIGNED|VERIFY/.test(reason)) {
    const fix = 'Browsers do not use TURN by TLS then: get a certificate with --domain NAME.';
    return warned(name, `certificate not trusted (${reason})`, fix);
  }
  const protocol = transport === 'udp' ? 'udp' : 'tcp';
  return failed(
    name,
    reason === 'ERR_TURN_SILENT' ? 'no answer' : reason,
    `Open ${protocol.toUpperCase()} port ${port}: "sudo ufw allow ${port}/${protocol}", in the firewall of the provider, and in the port list of a container.`,
  );
}

function nameOf({ isRelay, transport, port }: Target): string {
  return `${isRelay ? 'TURN' : 'STUN'} ${transport} ${port}`;
}

function optionsOf(target: Target, { authorities, timeoutMs }: RelayContext): TurnClientOptions {
  const { transport, host, port } = target;
  return {
    transport,
    host,
    port,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    answerTimeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    // An address has no name that a certificate could be for, unless it says so itself.
    checkCertificate: isIP(host) === 0 || authorities !== undefined,
    ...(authorities !== undefined && { authorities }),
  };
}
