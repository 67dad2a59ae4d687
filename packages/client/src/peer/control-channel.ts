/**
 * A data channel that both sides open by agreement (id 0, no handshake) and on which SDK peers tell
 * each other about their devices. Text messages, JSON objects with a `type`.
 * @module
 */
import type { Json } from '@parley/protocol';
import { decodeMediaState, isFields } from './media-state.ts';
import type { MediaState } from './media-state.ts';

/** What the channel works with. */
export interface ControlChannelOptions {
  readonly connection: Pick<RTCPeerConnection, 'createDataChannel'>;
  /** Own devices now; sent when the channel opens and after each change. */
  readonly media: () => MediaState;
  readonly onMedia: (media: MediaState) => void;
  /** Ends all listening. */
  readonly signal: AbortSignal;
}

const LABEL = 'parley';
const CHANNEL_ID = 0;
/** Longest message that is looked at. */
const MAX_MESSAGE_LENGTH = 16 * 1024;

/** Opened once per connection; closes with it. */
export class ControlChannel {
  readonly #channel: RTCDataChannel;
  readonly #options: ControlChannelOptions;

  constructor(options: ControlChannelOptions) {
    this.#options = options;
    this.#channel = options.connection.createDataChannel(LABEL, {
      negotiated: true,
      id: CHANNEL_ID,
    });
    const { signal } = options;
    this.#channel.addEventListener('open', () => this.sendMedia(), { signal });
    this.#channel.addEventListener('message', ({ data }) => this.#receive(data), { signal });
  }

  /** Tells the other side about our devices; when the channel is not open yet, as soon as it is. */
  sendMedia(): void {
    if (this.#channel.readyState !== 'open') return;
    this.#channel.send(JSON.stringify({ type: 'media', ...this.#options.media() }));
  }

  /** Sends what means nothing; the other browser acknowledges it. False when it cannot be sent. */
  probe(): boolean {
    const isOpen = this.#channel.readyState === 'open';
    if (isOpen && this.#channel.bufferedAmount === 0) this.#channel.send('{}');
    return isOpen;
  }

  #receive(data: unknown): void {
    const message = typeof data === 'string' ? parseJson(data) : undefined;
    if (!isFields(message) || message.type !== 'media') return;
    const media = decodeMediaState(message);
    if (media !== undefined) this.#options.onMedia(media);
  }
}

function parseJson(text: string): Json | undefined {
  if (text.length > MAX_MESSAGE_LENGTH) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
