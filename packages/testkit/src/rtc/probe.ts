/**
 * Looks into the RTCPeerConnections of a page from outside: remembers every connection the page makes.
 * Runs inside the page, before the page's own scripts; the meaning of what it reads is found in
 * `connection-reading.ts`, outside the page.
 * @module
 */

/** One connection as the page sees it, as plain JSON. */
export interface ConnectionRecord {
  /** Number of the connection in this page, from 1, in the order they were made. */
  readonly id: number;
  readonly state: RTCPeerConnectionState;
  readonly signalingState: RTCSignalingState;
  /** False for one that is kept ready and has heard of nobody yet. */
  readonly hasPeer: boolean;
  readonly configuration: RTCConfiguration;
  /** How often this side, or the other side, started a negotiation; new searches for a path do not count. */
  readonly offersMade: number;
  readonly offersReceived: number;
  /** How often an own offer was taken back in favour of one that crossed it. */
  readonly offersTakenBack: number;
  readonly senders: readonly SenderReading[];
  /** Clock of the page, in milliseconds. */
  readonly timestampMs: number;
  /** Entries of `getStats()` that matter here; none when the connection is closed. */
  readonly stats: readonly RTCStats[];
}

/** One sending slot. Equal numbers mean the same JavaScript object. */
export interface SenderReading {
  readonly transceiver: number;
  readonly sender: number;
  readonly mid: string | null;
  readonly kind: string;
  readonly direction: string | null;
  readonly track: { readonly label: string; readonly enabled: boolean } | undefined;
}

/** What the probe offers to the test as `window.rtcProbe`. */
export interface RtcProbe {
  /** Every connection the page has made, in that order. */
  readonly connections: readonly RTCPeerConnection[];
  read(): Promise<ConnectionRecord[]>;
}

declare global {
  interface Window {
    rtcProbe?: RtcProbe;
  }
}

/** Stands alone: its source text is sent to the page. */
export function installRtcProbe(): void {
  const STATS = new Set([
    'inbound-rtp',
    'transport',
    'candidate-pair',
    'local-candidate',
    'remote-candidate',
  ]);
  const ICE_USER = /^a=ice-ufrag:.*$/mu;
  const made: ProbedConnection[] = [];
  const numbers = new WeakMap<object, number>();
  let lastNumber = 0;

  function numberOf(object: object): number {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    lastNumber += 1;
    numbers.set(object, lastNumber);
    return lastNumber;
  }

  /** An ICE restart of what was negotiated before (RFC 8839 section 4.4.3.1.1). */
  function isSearch(
    before: RTCSessionDescription | null,
    offered: RTCSessionDescription | null,
  ): boolean {
    const [own, next] = [before, offered].map((one) => ICE_USER.exec(one?.sdp ?? '')?.[0]);
    return own !== undefined && own !== next;
  }

  class ProbedConnection extends RTCPeerConnection {
    readonly #id: number;
    #offersMade = 0;
    #offersReceived = 0;
    #offersTakenBack = 0;

    #tellClosed = (): void => {};
    readonly #closed: Promise<undefined>;

    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.#id = made.push(this);
      this.#closed = new Promise((resolve) => {
        this.#tellClosed = () => resolve(undefined);
      });
      this.addEventListener('signalingstatechange', () => {
        const { signalingState } = this;
        const isMade = signalingState === 'have-local-offer';
        if (isMade && !isSearch(this.currentLocalDescription, this.pendingLocalDescription)) {
          this.#offersMade += 1;
        }
        const isReceived = signalingState === 'have-remote-offer';
        if (isReceived && !isSearch(this.currentRemoteDescription, this.pendingRemoteDescription)) {
          this.#offersReceived += 1;
        }
      });
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const crosses = description.type === 'offer' && this.signalingState === 'have-local-offer';
      await super.setRemoteDescription(description);
      if (crosses) this.#offersTakenBack += 1;
    }

    override close(): void {
      super.close();
      this.#tellClosed();
    }

    async probe(): Promise<ConnectionRecord> {
      const stats: RTCStats[] = [];
      if (this.connectionState !== 'closed') {
        // Firefox never answers about a connection that is closed meanwhile.
        const report = await Promise.race([this.getStats(), this.#closed]);
        stats.push(...(report?.values() ?? []));
      }
      return {
        id: this.#id,
        state: this.connectionState,
        signalingState: this.signalingState,
        // Firefox has no descriptions of a closed one.
        hasPeer: this.signalingState !== 'closed' && this.remoteDescription !== null,
        configuration: this.getConfiguration(),
        offersMade: this.#offersMade,
        offersReceived: this.#offersReceived,
        offersTakenBack: this.#offersTakenBack,
        senders: this.getTransceivers().map((transceiver) => this.#readSender(transceiver)),
        timestampMs: performance.now(),
        stats: stats.filter(({ type }) => STATS.has(type)),
      };
    }

    #readSender(transceiver: RTCRtpTransceiver): SenderReading {
      const { mid, sender, receiver, currentDirection } = transceiver;
      const track = sender.track ?? undefined;
      return {
        transceiver: numberOf(transceiver),
        sender: numberOf(sender),
        mid,
        kind: receiver.track.kind,
        direction: currentDirection,
        track: track && { label: track.label, enabled: track.enabled },
      };
    }
  }

  window.RTCPeerConnection = ProbedConnection;
  window.rtcProbe = {
    connections: made,
    read: () => Promise.all(made.map((connection) => connection.probe())),
  };
}
