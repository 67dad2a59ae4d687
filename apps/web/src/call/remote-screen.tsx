/**
 * The screen that another person shares, as large as there is room, and its sound.
 * @module
 */
import type { RemotePeer } from '@parley/client';
import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { StreamAudio } from '../media/stream-audio.tsx';
import { StreamVideo } from '../media/stream-video.tsx';
import { useTrackStream } from '../media/use-track-stream.ts';
import { announce } from '../ui/announcer.ts';
import { observe } from '../ui/observe.ts';
import type { CallContext } from './call-context.ts';
import { useReportView } from './use-report-view.ts';
import styles from './screens.module.css';

interface RemoteScreenProps {
  readonly peer: RemotePeer;
  readonly context: CallContext;
}

/** The shared screen of `peer`; nothing while they share none. */
export function RemoteScreen({ peer, context }: RemoteScreenProps): JSX.Element | null {
  const { screen } = useMemo(() => observe(peer), [peer]).value;
  return screen.on ? <SharedScreen peer={peer} context={context} /> : null;
}

function SharedScreen({ peer, context }: RemoteScreenProps): JSX.Element {
  const { gate, desk, saver } = context;
  const { screen, screenSound } = useMemo(() => observe(peer), [peer]).value;
  const picture = useTrackStream(screen.track);
  const sound = useTrackStream(screenSound.on ? screenSound.track : undefined);
  const play = useCallback((audio: HTMLAudioElement) => gate.play(audio, peer.id), [gate, peer]);
  const forget = useCallback((audio: HTMLAudioElement) => gate.forget(audio), [gate]);
  const name = peer.name || t('call.guest');
  const figure = useRef<HTMLElement>(null);
  useReportView(figure, peer, { source: 'screen', desk });
  useEffect(() => {
    announce(t('announce.screenOn', { name }));
    return () => announce(t('announce.screenOff', { name }));
  }, [name]);

  return (
    <figure ref={figure} class={styles.screen} data-screen={peer.id}>
      {saver.mode.value !== 'audio' && (
        <StreamVideo class={styles.picture} fit="contain" stream={picture} />
      )}
      {sound !== undefined && <StreamAudio stream={sound} play={play} onGone={forget} />}
      <figcaption class={styles.caption}>{t('call.screenOf', { name })}</figcaption>
    </figure>
  );
}
