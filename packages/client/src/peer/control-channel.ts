/**
 * A data channel that both sides open by agreement (id 0, no handshake) and on which SDK peers tell
 * each other about their devices, and how large they show each other's pictures.
 * @module
 */
import type { VideoSource } from '../media/source.ts';
import type { ControlMessage, ViewSize } from './control-message.ts';
import type { MediaState } from './media-state.ts';

/** What the channel works with. */
export interface ControlChannelOptions {
  readonly connection: Pick<RTCPeerConnection, 'createDataChannel'>;
  /** Own devices now; sent when the channel opens and after each change. */
  readonly media: () => MediaState;
  /** How large we show their pictures; sent like `media`. Without an entry they are told nothing. */
  readonly shown: () => ReadonlyMap<VideoSource, ViewSize>;
  readonly onMessage: (message: ControlMessage) => void;
  /** Ends all listening. */
  readonly signal: AbortSignal;
}

const LABEL = 'parley';
const CHANNEL_ID = 0;

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
    const { signal, onMessage } = options;
    const opened = (): void => {
      this.sendMedia();
      this.sendViews();
    };
    // What reads them is loaded with the first one. Where it does not come, descriptions still say
    // what the devices do.
    const received = async ({ data }: { readonly data: unknown }): Promise<void> => {
      const { decodeControlMessage } = await import('./control-message.ts');
      const message = decodeControlMessage(data);
      if (message !== undefined && !signal.aborted) onMessage(message);
    };
    this.#channel.addEventListener('open', opened, { signal });
    this.#channel.addEventListener('message', (event) => void received(event).catch(() => {}), {
      signal,
    });
  }

  /** Tells the other side about our devices; when the channel is not open yet, as soon as it is. */
  sendMedia(): void {
    this.#send({ type: 'media', ...this.#options.media() });
  }

  /** Sends what means nothing; the other browser acknowledges it. False when it cannot be sent. */
  probe(): boolean {
    const isOpen = this.#channel.readyState === 'open';
    if (isOpen && this.#channel.bufferedAmount === 0) this.#channel.send('{}');
    return isOpen;
  }

  /** Tells the other side how large we show its pictures; when the channel opens, this is told too. */
  sendViews(): void {
    for (const [source, size] of this.#options.shown()) {
      this.#send({ type: 'view', source, ...size });
    }
  }

  #send(message: ControlMessage): void {
    if (this.#channel.readyState === 'open') this.#channel.send(JSON.stringify(message));
  }
}
