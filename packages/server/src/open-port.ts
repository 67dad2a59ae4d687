/**
 * Makes the page, signaling, STUN and TURN listen on one number, by TCP and by UDP.
 * @module
 */
import type { RequestListener } from 'node:http';
import type { CertificateSource } from './https/certificate-source.ts';
import { openCertificate, publicNameOf } from './https/open-certificate.ts';
import { ChallengeAnswers, PlainPort } from './https/plain-port.ts';
import { redirectToHttps, redirectToPort } from './redirect-to-https.ts';
import { bindOnePort } from './one-port.ts';
import type { BoundPort } from './one-port.ts';
import type { ResolvedServerOptions } from './options.ts';
import { checkUdp, createRelayServer } from './relay/relay-server.ts';
import type { RelayServer } from './relay/relay-server.ts';
import { createTcpFront } from './tcp-front.ts';
import type { TcpFront } from './tcp-front.ts';

/** The parts that concern https. */
export interface HttpsParts {
  readonly certificate: CertificateSource | undefined;
  readonly plainPort: PlainPort | undefined;
}

/** What listens. */
export interface OpenedPort extends HttpsParts {
  readonly front: TcpFront;
  readonly bound: BoundPort<RelayServer>;
}

/** Makes the TCP and the UDP side listen on one number. */
export async function openPort(
  options: ResolvedServerOptions,
  secrets: readonly string[],
  onRequest: RequestListener,
): Promise<OpenedPort> {
  const { host, port } = options;
  await checkUdp(options);
  let relay: RelayServer | undefined;
  const openUdp = (address: string): RelayServer => {
    relay = createRelayServer(address, options, secrets);
    return relay;
  };
  const answers = new ChallengeAnswers();
  const certificate = await openCertificate(options, answers);
  const front = createTcpFront({
    onRequest,
    onPlainRequest: answers.before(redirectToHttps),
    onTurn: (socket, transport) => relay?.handleTurn(socket, transport),
    identity: certificate?.identity,
  });
  try {
    const bound = await bindOnePort({ tcp: front.server, openUdp, host, port });
    const plainPort = await openPlainPort(options, bound, answers);
    return { front, bound, certificate, plainPort };
  } catch (error) {
    certificate?.close();
    await front.close();
    throw error;
  }
}

function openPlainPort(
  options: ResolvedServerOptions,
  { host, port }: BoundPort,
  answers: ChallengeAnswers,
): Promise<PlainPort | undefined> | undefined {
  const { httpPort, logger } = options;
  if (httpPort === 0 || publicNameOf(options) === undefined) return undefined;
  const onRequest = answers.before(redirectToPort(port));
  return PlainPort.open({ port: httpPort, host, onRequest, logger });
}
