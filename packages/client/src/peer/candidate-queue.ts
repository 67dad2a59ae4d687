/**
 * Candidates that arrive before the description they belong to wait here.
 * @see https://www.rfc-editor.org/rfc/rfc8838#section-9
 * @module
 */

/** The part of an RTCPeerConnection that candidates need. */
export type CandidateConnection = Pick<RTCPeerConnection, 'remoteDescription' | 'addIceCandidate'>;

/** More than any description has; a peer that sends more is not worth the memory. */
const MAX_WAITING = 64;

/** Adds candidates to a connection, each one as soon as the connection can place it. */
export class CandidateQueue {
  readonly #connection: CandidateConnection;
  readonly #onError: (error: unknown) => void;
  #waiting: readonly RTCIceCandidateInit[] = [];

  constructor(connection: CandidateConnection, onError: (error: unknown) => void) {
    this.#connection = connection;
    this.#onError = onError;
  }

  /** Adds the candidate now, or keeps it for the description that brings its user fragment. */
  async add(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#isExpected(candidate)) return this.#place(candidate);
    if (this.#waiting.length < MAX_WAITING) this.#waiting = [...this.#waiting, candidate];
  }

  /**
   * To be called after every remote description: adds what waited for it. The rest belonged to a
   * description that was ignored or overtaken.
   */
  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const candidate of waiting) {
      if (this.#isExpected(candidate)) await this.#place(candidate);
    }
  }

  #isExpected({ usernameFragment }: RTCIceCandidateInit): boolean {
    const description = this.#connection.remoteDescription;
    if (description === null) return false;
    const hasFragment = typeof usernameFragment === 'string';
    return !hasFragment || `${description.sdp}\r\n`.includes(`a=ice-ufrag:${usernameFragment}\r\n`);
  }

  async #place(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.#connection.addIceCandidate(candidate);
    } catch (error) {
      this.#onError(error); // one bad way to reach somebody does not spoil the others
    }
  }
}
