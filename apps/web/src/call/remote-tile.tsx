/**
 * Another person.
 * @module
 */
import type { LevelSnapshot, LinkSnapshot, RemotePeer } from '@parley/client';
import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import { StreamAudio } from '../media/stream-audio.tsx';
import { StreamVideo } from '../media/stream-video.tsx';
import { useTrackStream } from '../media/use-track-stream.ts';
import { announce } from '../ui/announcer.ts';
import { observe } from '../ui/observe.ts';
import { useObserved } from '../ui/use-observed.ts';
import { useSize } from '../ui/use-size.ts';
import type { CallContext } from './call-context.ts';
import { LinkBadge } from './link-badge.tsx';
import { peerStatus, statusNews } from './peer-status.ts';
import { PinButton } from './pin-button.tsx';
import { choosePictureFit } from './tile-fit.ts';
import { Tile } from './tile.tsx';
import { useReportView } from './use-report-view.ts';
import styles from './tile.module.css';

/** What the tile of somebody else needs. */
export interface RemoteTileProps {
  readonly peer: RemotePeer;
  readonly context: CallContext;
  readonly isMain: boolean;
  readonly canPin: boolean;
}

const isSpeaking = ({ speaking }: LevelSnapshot): boolean => speaking;
const stateOf = ({ state }: LinkSnapshot): LinkSnapshot['state'] => state;

/** The tile of `peer`. Both elements stay in the page while the camera is off, under the avatar. */
export function RemoteTile({ peer, context, isMain, canPin }: RemoteTileProps): JSX.Element {
  const { gate, view, tools, desk, saver } = context;
  const snapshot = useMemo(() => observe(peer), [peer]).value;
  const item = useRef<HTMLLIElement>(null);
  const size = useSize(item);
  useReportView(item, peer, { source: 'camera', desk });
  const picture = useTrackStream(snapshot.camera.track);
  const sound = useTrackStream(snapshot.microphone.track);
  const [ratio, setRatio] = useState<number | undefined>(undefined);
  const play = useCallback((audio: HTMLAudioElement) => gate.play(audio, peer.id), [gate, peer]);
  const forget = useCallback((audio: HTMLAudioElement) => gate.forget(audio), [gate]);
  const speaking = useObserved(peer.level, isSpeaking);

  const name = peer.name || t('call.guest');
  const status = peerStatus(snapshot, useObserved(peer.link, stateOf));
  useStatusNews(name, status, snapshot.state === 'connected');
  const isSeen = snapshot.camera.on && saver.mode.value !== 'audio';
  const hasPicture = isSeen && ratio !== undefined;
  const fit = ratio === undefined ? 'cover' : choosePictureFit(ratio, size.width / size.height);

  return (
    <li
      ref={item}
      class={styles.tile}
      aria-label={name}
      data-peer={peer.id}
      data-main={isMain || undefined}
      data-speaking={speaking || undefined}
    >
      <Tile
        name={name}
        avatarName={peer.name}
        showAvatar={!hasPicture}
        // Before the first word from them nobody knows, and a guess would be a lie.
        muted={snapshot.state !== 'connecting' && !snapshot.microphone.on}
        isHandUp={tools.signs.hands.value.includes(peer.id)}
        saving={tools.signs.savers.value.get(peer.id)}
        status={status === undefined ? undefined : t(status)}
      >
        <StreamVideo
          class={styles.picture}
          fit={fit}
          stream={picture}
          onPicture={(video) => setRatio(video.videoWidth / video.videoHeight)}
        />
        <StreamAudio stream={sound} play={play} onGone={forget} />
      </Tile>
      <div class={styles.actions}>
        {canPin && <PinButton name={name} peer={peer.id} view={view} />}
        <LinkBadge name={name} peer={peer} view={view} />
      </div>
    </li>
  );
}

/** Reads out that somebody is lost, why, and that they are back. */
function useStatusNews(name: string, status: MessageKey | undefined, isConnected: boolean): void {
  const news = useRef(statusNews());
  useEffect(() => {
    const words = news.current(status, isConnected);
    if (words !== undefined) announce(`${name}: ${t(words)}`);
  }, [name, status, isConnected]);
}
