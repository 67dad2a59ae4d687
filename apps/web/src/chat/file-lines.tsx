/**
 * The files of a call, with what can be done about each.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import buttons from '../ui/buttons.module.css';
import { formatBytes } from './format-bytes.ts';
import type { FileDesk, Transfer } from './file-desk.ts';
import styles from './file-lines.module.css';

/** One line per file. */
export function FileLines({ files }: { files: FileDesk }): JSX.Element | null {
  const transfers = files.transfers.value;
  if (transfers.length === 0) return null;
  return (
    <ul class={styles.files} aria-label={t('files.list')}>
      {transfers.map((transfer) => (
        <FileLine key={transfer.id} transfer={transfer} files={files} />
      ))}
    </ul>
  );
}

function FileLine(props: { transfer: Transfer; files: FileDesk }): JSX.Element {
  const { way, name, size, state, person } = props.transfer;
  const words = t(way === 'in' ? 'files.from' : 'files.to', { name: person || t('call.guest') });
  return (
    <li class={styles.file}>
      <p class={styles.name}>
        <strong>{name}</strong> {size !== undefined && <span>{formatBytes(t, size)}</span>}
      </p>
      <p class={styles.words}>
        {words} · {stateWords(props.transfer)}
      </p>
      {state.step === 'moving' && size !== undefined && (
        <progress max={size} value={state.bytes} aria-label={t('files.progress', { name })} />
      )}
      <div class={styles.actions}>
        <FileActions {...props} />
      </div>
    </li>
  );
}

function FileActions(props: { transfer: Transfer; files: FileDesk }): JSX.Element | null {
  const { transfer, files } = props;
  const { id, way, name, state } = transfer;
  if (state.step === 'failed') return null;
  if (state.step === 'done') {
    if (state.url === undefined) return null;
    return (
      <a class={buttons.primary} href={state.url} download={name}>
        {t('files.save')}
      </a>
    );
  }
  const isQuestion = way === 'in' && state.step === 'offered';
  return (
    <>
      {isQuestion && (
        <button type="button" class={buttons.primary} onClick={() => void files.accept(id)}>
          {t('files.accept')}
        </button>
      )}
      <button type="button" class={buttons.secondary} onClick={() => files.cancel(id)}>
        {t(isQuestion ? 'files.refuse' : 'files.cancel')}
      </button>
    </>
  );
}

function stateWords({ way, size, state }: Transfer): string {
  switch (state.step) {
    case 'offered':
      return t(way === 'in' ? 'files.offered' : 'files.waiting');
    case 'moving':
      return size === undefined || size === 0
        ? formatBytes(t, state.bytes)
        : t('files.percent', { percent: Math.floor((state.bytes / size) * 100) });
    case 'done':
      return t(way === 'in' ? 'files.received' : 'files.sent');
    case 'failed':
      return t('files.failed');
  }
}
