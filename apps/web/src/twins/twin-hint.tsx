/**
 * Keeps two tabs of one person in one call from an echo: neither plays the other, and the one that
 * came later begins muted and silent, and says so. The card is fetched then.
 * @module
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import { lazyCard } from '../call/lazy-card.ts';
import { watchTwins } from './watch-twins.ts';

/** The card, as long as the tab that was first is in the call. */
export function TwinHint({ context }: { context: CallContext }): JSX.Element | null {
  const { call, gate, session } = context;
  const [first, setFirst] = useState('');
  useEffect(() => {
    const { name, self } = call.room;
    const channel = openChannel(`parley.${name}`);
    if (channel === undefined) return undefined;
    return watchTwins({
      channel,
      id: self.id,
      onTwin: (id, wasFirst) => {
        gate.leaveOut(id);
        if (!wasFirst) return;
        self.microphone.setMuted(true);
        gate.hush();
        setFirst(id);
      },
    });
  }, [call, gate]);
  return call.snapshot.value.peers.some(({ id }) => id === first) ? (
    <Card session={session} onClose={() => setFirst('')} />
  ) : null;
}

const Card = lazyCard((cards) => cards.TwinCard);

/** Nothing in a frame that may keep nothing: browsers let such pages find no tabs. */
function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
