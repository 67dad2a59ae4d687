/**
 * A piece of an application: keeps a list of who is in a call, for a page to show.
 * @module
 */
import type { Client, Room } from '@parley/client';

/** Joins a room and tells, each time it changes, who is there and whether they can be heard. */
export async function followGuests(
  client: Client,
  room: string,
  show: (guests: readonly string[]) => void,
): Promise<Room> {
  const joined = await client.join(room, { name: 'Me' });
  const update = (): void =>
    show(
      joined.snapshot.peers.map((peer) => {
        const { state, microphone } = peer.snapshot;
        if (peer.link.snapshot.state === 'recovering') return `${peer.name} (bad network)`;
        if (state !== 'connected') return `${peer.name} (connecting)`;
        return microphone.on ? peer.name : `${peer.name} (muted)`;
      }),
    );
  joined.on('peer', (peer) => {
    peer.subscribe(update);
    peer.link.subscribe(update);
    update();
  });
  joined.on('peerLeft', update);
  return joined;
}
