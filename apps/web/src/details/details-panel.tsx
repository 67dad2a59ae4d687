/**
 * How each connection does, in numbers and lines, and the safety code that two people can compare.
 * @module
 */
import type { PeerStats, RemotePeer, TrackStats } from '@parley/client';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatBitrate, linkSentence } from '../call/link-sentence.ts';
import { locale, t } from '../i18n/language.ts';
import type { MessageKey } from '../i18n/message-key.ts';
import type { PanelProps } from '../panel/panel-host.tsx';
import { observe } from '../ui/observe.ts';
import { LineChart } from './line-chart.tsx';
import { SafetyCode } from './safety-code.tsx';
import styles from './details-panel.module.css';

/** How often numbers are read, and how many of them a line shows: two minutes. */
const INTERVAL_MS = 2000;
const KEPT = 60;

/** The inside of the details panel. */
export function DetailsPanel({ context }: PanelProps): JSX.Element {
  const { peers } = context.call.snapshot.value;
  return (
    <div class={styles.details}>
      {peers.length === 0 && <p class={styles.note}>{t('details.nobody')}</p>}
      {peers.map((peer) => (
        <PeerDetails key={peer.id} peer={peer} />
      ))}
      <p class={styles.note}>{t('details.explain')}</p>
    </div>
  );
}

/** Newest last. */
function useHistory(peer: RemotePeer): readonly PeerStats[] {
  const [history, setHistory] = useState<readonly PeerStats[]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const read = async (): Promise<void> => {
      const stats = await peer.stats().catch(() => undefined);
      if (isGone) return;
      if (stats !== undefined) setHistory((before) => [...before, stats].slice(-KEPT));
      timer = setTimeout(() => void read(), INTERVAL_MS);
    };
    void read();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [peer]);
  return history;
}

function PeerDetails({ peer }: { peer: RemotePeer }): JSX.Element {
  const link = useMemo(() => observe(peer.link), [peer]).value;
  const history = useHistory(peer);
  const now = history.at(-1);
  const name = peer.name || t('call.guest');
  return (
    <section class={styles.peer} aria-label={t('link.to', { name })}>
      <h3>{name}</h3>
      <p>{linkSentence(t, { ...link, rttMs: now?.rttMs ?? link.rttMs }, now?.received.bitrate)}</p>
      <LineChart
        label={t('details.received')}
        value={formatBitrate(t, now?.received.bitrate ?? 0)}
        points={history.map(({ received }) => received.bitrate)}
      />
      <LineChart
        label={t('details.sent')}
        value={formatBitrate(t, now?.sent.bitrate ?? 0)}
        points={history.map(({ sent }) => sent.bitrate)}
      />
      <LineChart
        label={t('details.roundTrip')}
        value={now?.rttMs === undefined ? '–' : t('link.rtt', { ms: Math.round(now.rttMs) })}
        points={history.map(({ rttMs }) => rttMs ?? 0)}
      />
      {now !== undefined && <Numbers stats={now} />}
      <SafetyCode peer={peer} />
    </section>
  );
}

function Numbers({ stats }: { stats: PeerStats }): JSX.Element {
  const number = new Intl.NumberFormat(locale.value);
  const { camera, microphone } = stats.received.tracks;
  const lost = camera?.packetsLost;
  const jitter = microphone?.jitterMs;
  const rows: readonly (readonly [MessageKey, string | undefined])[] = [
    ['details.picture', pictureWords(camera)],
    ['details.sound', microphone?.codec],
    ['details.lost', lost === undefined ? undefined : number.format(lost)],
    [
      'details.jitter',
      jitter === undefined ? undefined : t('link.rtt', { ms: Math.round(jitter) }),
    ],
  ];
  return (
    <dl class={styles.numbers}>
      {rows.map(
        ([key, value]) =>
          value !== undefined && (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function pictureWords(camera: TrackStats | undefined): string | undefined {
  const words = [
    camera?.width && camera.height ? `${camera.width}×${camera.height}` : undefined,
    camera?.fps && t('details.fps', { fps: Math.round(camera.fps) }),
    camera?.codec,
  ].filter(Boolean);
  return words.length === 0 ? undefined : words.join(' · ');
}
