/**
 * The call in a small window that stays above the others: whoever speaks, and the most needed switches.
 * @module
 */
import type { RemotePeer, SpeakerSnapshot } from '@parley/client';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { CallContext } from '../call/call-context.ts';
import { t } from '../i18n/language.ts';
import { Avatar } from '../media/avatar.tsx';
import { CameraSwitch, MicrophoneSwitch } from '../media/media-switch.tsx';
import { StreamVideo } from '../media/stream-video.tsx';
import { useTrackStream } from '../media/use-track-stream.ts';
import { Icon } from '../ui/icon.tsx';
import { observe } from '../ui/observe.ts';
import { useObserved } from '../ui/use-observed.ts';
import styles from './small-window.module.css';

/** How large a picture is asked for; nobody makes such a window much larger. */
const WANTED = { width: 480, height: 360 } as const;

const speakerOf = ({ peer }: SpeakerSnapshot): RemotePeer | undefined => peer;

/** Who is to be seen: the pinned one, whoever speaks, or the first. */
export function useMainPeer({ call, view }: CallContext): RemotePeer | undefined {
  const { peers } = call.snapshot.value;
  const speaker = useObserved(call.room.activeSpeaker, speakerOf);
  const pinned = peers.find(({ id }) => id === view.pinned.value);
  return pinned ?? peers.find((peer) => peer === speaker) ?? peers[0];
}

/** The inside of the window. */
export function SmallWindow({ context }: { context: CallContext }): JSX.Element {
  const { session } = context;
  const peer = useMainPeer(context);
  return (
    <main class={styles.window} aria-label={t('call.label')}>
      {peer === undefined ? (
        <p class={styles.alone}>{t('call.alone.title')}</p>
      ) : (
        <Person key={peer.id} peer={peer} context={context} />
      )}
      <div class={styles.controls}>
        <MicrophoneSwitch session={session} />
        <CameraSwitch session={session} />
        <button
          type="button"
          class={styles.leave}
          aria-label={t('call.leave')}
          onClick={() => void session.leave()}
        >
          <Icon name="phone-off" size={22} />
        </button>
      </div>
    </main>
  );
}

function Person({ peer, context }: { peer: RemotePeer; context: CallContext }): JSX.Element {
  const { desk, saver } = context;
  const { camera, microphone } = useMemo(() => observe(peer), [peer]).value;
  const picture = useTrackStream(camera.track);
  const isSeen = camera.on && saver.mode.value !== 'audio';
  useEffect(() => {
    desk.show(peer, 'camera', { viewer: 'window', size: WANTED });
    return () => desk.show(peer, 'camera', { viewer: 'window', size: undefined });
  }, [desk, peer]);
  return (
    <>
      <StreamVideo class={styles.picture} fit="cover" stream={picture} />
      {!isSeen && <Avatar name={peer.name} />}
      <p class={styles.name}>
        {!microphone.on && <Icon name="mic-off" size={16} />}
        <span>{peer.name || t('call.guest')}</span>
      </p>
    </>
  );
}
