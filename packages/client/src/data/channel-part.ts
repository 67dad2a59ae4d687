/**
 * Parts of the SDK that talk to their like on the pages of the others, over channels of the room. The
 * channels are open at once, the code behind them is loaded with the first message.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { lazily } from '../lazily.ts';
import type { Logger } from '../logger.ts';
import type { Channel, ChannelMessage } from './channel.ts';
import type { ChannelSet } from './channel-set.ts';

/** See the module comment. */
export interface ChannelPart {
  /** Takes a message of somebody who is in the room. */
  take(message: ChannelMessage<unknown>): void;
  /** Nothing reaches this peer any more. */
  gone(peer: PeerId, error: Error): void;
}

/** What a part needs. */
export interface ChannelPartOptions<Part extends ChannelPart> {
  readonly channels: ChannelSet;
  /** The channels whose messages are for this part. */
  readonly feeds: readonly Channel<unknown>[];
  readonly load: () => Promise<Part>;
  readonly logger: Logger;
}

/** Feeds a part; returns the way to it. */
export function feedPart<Part extends ChannelPart>(
  options: ChannelPartOptions<Part>,
): () => Promise<Part> {
  const { channels, feeds, load, logger } = options;
  const loaded = lazily(async () => {
    const part = await load();
    channels.onGone((peer, error) => part.gone(peer, error));
    return part;
  });
  const feed = async (channel: Channel<unknown>): Promise<void> => {
    for await (const message of channel) {
      try {
        const part = await loaded();
        if (channels.has(message.from)) part.take(message);
      } catch (error) {
        logger.error('dropped a message', { channel: channel.name, error });
      }
    }
  };
  for (const channel of feeds) void feed(channel);
  return loaded;
}
