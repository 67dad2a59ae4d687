/**
 * A person with a browser in a network of the laboratory.
 * @module
 */
import { NETWORK_PLANS, findBrowser, launchBrowser } from '@parley/testkit';
import type {
  BrowserName,
  CallerNetwork,
  NetworkKind,
  TestBrowser,
  TestPage,
} from '@parley/testkit';
import { joinAs } from '../../support/app-page.ts';
import type { Ground } from './use-internet.ts';

/** The one port that a network which lets nothing else out must let out. */
export const SERVER_PORT = 443;

/** A person who can call from one network. Its owner must `close` it. */
export interface Caller {
  readonly name: string;
  readonly kind: NetworkKind;
  readonly page: TestPage;
  readonly network: CallerNetwork;
  /** Where the server is, as seen from there. */
  readonly origin: string;
  /** Opens the app and joins; the call of before ends with the page of before. */
  join(room: string): Promise<void>;
  /** Leaves by leaving the page. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Where a caller sits, and with what. */
export interface Seat {
  /** Unique in the laboratory. */
  readonly name: string;
  readonly kind: NetworkKind;
  readonly browser: BrowserName;
}

/** Starts a browser in a new network. */
export async function openCaller({ internet, server }: Ground, seat: Seat): Promise<Caller> {
  const { name, kind } = seat;
  const network = await internet.addCaller(name, kind);
  const { host } = network;
  const isIpv4 = NETWORK_PLANS[kind].family === 'IPv4';
  const origin = `http://${isIpv4 ? server.ipv4[0] : `[${server.ipv6[0]}]`}:${SERVER_PORT}`;
  const path = findBrowser(seat.browser);
  const browser = await launchBrowser(seat.browser, {
    // Chromium is driven over a pipe, which leads anywhere; Firefox over a socket.
    program: seat.browser === 'chromium' ? host.wrap(path) : host.wrapDriven(path),
    trustedOrigin: origin,
    cameraSize: 'small',
  });
  return new BrowserCaller({ name, network, browser, origin, page: await browser.newPage() });
}

interface CallerParts {
  readonly name: string;
  readonly network: CallerNetwork;
  readonly browser: TestBrowser;
  readonly page: TestPage;
  readonly origin: string;
}

class BrowserCaller implements Caller {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  get kind(): NetworkKind {
    return this.network.kind;
  }

  get network(): CallerNetwork {
    return this.#parts.network;
  }

  get page(): TestPage {
    return this.#parts.page;
  }

  get origin(): string {
    return this.#parts.origin;
  }

  async join(room: string): Promise<void> {
    const { origin, name } = this;
    await this.page.goto(`${origin}/r/${encodeURIComponent(room)}`);
    await joinAs(this.page, name);
  }

  async leave(): Promise<void> {
    await this.page.goto('about:blank');
  }

  async close(): Promise<void> {
    await this.#parts.browser.close();
  }
}
