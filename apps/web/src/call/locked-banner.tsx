/**
 * Tells people whose link has no key that they have not got the whole link.
 * @module
 */
import type { RemotePeer } from '@parley/client';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { observe } from '../ui/observe.ts';
import { Icon } from '../ui/icon.tsx';
import { peerStatus } from './peer-status.ts';
import styles from './call-page.module.css';

/** Shown while somebody in the call cannot be reached without a key. */
export function LockedBanner({ peers }: { peers: readonly RemotePeer[] }): JSX.Element {
  const snapshots = useMemo(() => peers.map(observe), [peers]);
  const isLocked = snapshots.some(({ value }) => peerStatus(value) === 'call.state.locked');
  if (!isLocked) return <></>;
  return (
    <div class={styles.banner} role="alert">
      <Icon name="link" />
      <p>
        <strong>{t('call.locked.title')}</strong> {t('call.locked.body')}
      </p>
    </div>
  );
}
