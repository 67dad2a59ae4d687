/**
 * A code that two people compare by voice: when it is the same on both sides, nobody is between them.
 * @module
 */
import type { RemotePeer } from '@parley/client';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { observe } from '../ui/observe.ts';
import styles from './details-panel.module.css';

/** The code of this connection, asked for anew when it may have changed. */
export function SafetyCode({ peer }: { peer: RemotePeer }): JSX.Element | null {
  const { state } = useMemo(() => observe(peer), [peer]).value;
  const [code, setCode] = useState<string | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      const found = await peer.safetyCode().catch(() => undefined);
      if (!isGone) setCode(found);
    };
    void ask();
    return () => {
      isGone = true;
    };
  }, [peer, state]);
  if (code === undefined) return null;
  return (
    <div class={styles.safety}>
      <h4>{t('safety.title')}</h4>
      <p class={styles.code}>{code}</p>
      <p class={styles.note}>{t('safety.explain', { name: peer.name || t('call.guest') })}</p>
    </div>
  );
}
