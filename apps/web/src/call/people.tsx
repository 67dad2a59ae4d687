/**
 * Everybody in the call. Two people have a layout of their own: the other one large, myself small in
 * a corner. From three on everybody gets a tile of the same size. Shared screens take the room, and
 * the people stand in a row below.
 * @module
 */
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { Call, RoomSession } from '../room/room-session.ts';
import { useSize } from '../ui/use-size.ts';
import { AloneCard } from './alone-card.tsx';
import { chooseLayout } from './layout.ts';
import styles from './people.module.css';
import { RemoteScreen } from './remote-screen.tsx';
import { RemoteTile } from './remote-tile.tsx';
import screens from './screens.module.css';
import { SelfTile } from './self-tile.tsx';
import type { SoundGate } from './sound-gate.ts';
import { fitTiles } from './tile-fit.ts';

const GAP = 10;

/** All tiles. My own one stays the same element in every layout, so that my picture never flickers. */
export function People(props: { session: RoomSession; call: Call; gate: SoundGate }): JSX.Element {
  const { session, call, gate } = props;
  const stage = useRef<HTMLUListElement>(null);
  const { width, height } = useSize(stage);
  const { peers } = call.snapshot.value;
  const layout = chooseLayout(peers.length);
  const tile = useMemo(
    () => fitTiles(peers.length + 1, { width, height, gap: GAP }),
    [peers.length, width, height],
  );

  return (
    <div class={styles.stage}>
      {layout === 'alone' && <AloneCard />}
      <div class={screens.screens}>
        {peers.map((peer) => (
          <RemoteScreen key={peer.id} peer={peer} gate={gate} />
        ))}
      </div>
      <ul
        ref={stage}
        class={styles.people}
        data-layout={layout}
        aria-label={t('call.people')}
        style={{ '--tile-width': `${tile.width}px`, '--tile-height': `${tile.height}px` }}
      >
        {peers.map((peer) => (
          <RemoteTile key={peer.id} peer={peer} gate={gate} />
        ))}
        <SelfTile key="self" session={session} name={call.room.self.name} />
      </ul>
    </div>
  );
}
