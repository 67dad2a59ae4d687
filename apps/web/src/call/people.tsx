/**
 * Everybody in the call. Two people have a layout of their own: the other one large, myself small in
 * a corner. From three on everybody gets a tile of the same size, or one is large above the others.
 * Shared screens take the room, and the people stand in a row below.
 * @module
 */
import type { SpeakerSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { useObserved } from '../ui/use-observed.ts';
import { useSize } from '../ui/use-size.ts';
import { AloneCard } from './alone-card.tsx';
import { arrange } from './arrange.ts';
import type { CallContext } from './call-context.ts';
import styles from './people.module.css';
import { RemoteScreen } from './remote-screen.tsx';
import { RemoteTile } from './remote-tile.tsx';
import screens from './screens.module.css';
import { SelfTile } from './self-tile.tsx';
import { fitTiles } from './tile-fit.ts';

const GAP = 10;

const speakerId = ({ peer }: SpeakerSnapshot): string | undefined => peer?.id;

/** All tiles. My own one stays the same element in every layout, so that my picture never flickers. */
export function People({ context }: { context: CallContext }): JSX.Element {
  const { session, call, view, tools } = context;
  const stage = useRef<HTMLUListElement>(null);
  const { width, height } = useSize(stage);
  const { peers } = call.snapshot.value;
  const mode = view.mode.value;
  const follows = mode === 'speaker' && peers.length > 1;
  const speaker = useObserved(follows ? call.room.activeSpeaker : undefined, speakerId);
  const { layout, main } = arrange({
    peers: peers.map(({ id }) => id),
    mode,
    pinned: view.pinned.value,
    speaker,
  });
  const isSelfHidden = view.selfHidden.value;
  const count = peers.length + (isSelfHidden ? 0 : 1);
  const tile = useMemo(() => fitTiles(count, { width, height, gap: GAP }), [count, width, height]);

  return (
    <div class={styles.stage}>
      {layout === 'alone' && <AloneCard />}
      <div class={screens.screens}>
        {peers.map((peer) => (
          <RemoteScreen key={peer.id} peer={peer} context={context} />
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
          <RemoteTile
            key={peer.id}
            peer={peer}
            context={context}
            isMain={layout === 'speaker' && main === peer.id}
            canPin={peers.length > 1}
          />
        ))}
        {!isSelfHidden && (
          <SelfTile
            key="self"
            session={session}
            name={call.room.self.name}
            signs={tools.signs.mine.value}
          />
        )}
      </ul>
    </div>
  );
}
