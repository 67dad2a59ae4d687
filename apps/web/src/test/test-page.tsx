/**
 * `/test`: what this browser finds out about its way to the server and about its devices.
 * @module
 */
import { checkConnection } from '@parley/client/checkup';
import type { Finding } from '@parley/client/checkup';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { detectPlatform } from '../lobby/platform.ts';
import { takeOwnInvitation } from '../room/own-invitation.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icon.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { useFocusOnArrival } from '../ui/use-focus-on-arrival.ts';
import { findingWords } from './finding-words.ts';
import { FindingTable } from './finding-table.tsx';
import type { TableRow } from './finding-table.tsx';
import { formatReport } from './report.ts';
import styles from './test-page.module.css';

const PLATFORM = detectPlatform(navigator.userAgent, navigator.maxTouchPoints);

/** No room has this name: an invitation to the test is none to a room. */
const NO_ROOM = '';

type Stage = 'before' | 'running' | 'done';

/** The test, from a click to the report. */
export function TestPage(): JSX.Element {
  const heading = useFocusOnArrival();
  const { stage, findings, start } = useCheckup();
  useEffect(() => {
    document.title = t('test.title');
  });
  const rows = findings.map((finding) => ({ finding, words: findingWords(t, finding, PLATFORM) }));

  return (
    <>
      <PageHeader />
      <main class={styles.page}>
        <h1 ref={heading} tabIndex={-1}>
          {t('test.title')}
        </h1>
        <p class={styles.lead}>{t('test.lead')}</p>
        <div class={styles.actions}>
          <button
            type="button"
            class={buttons.primary}
            aria-busy={stage === 'running'}
            aria-disabled={stage === 'running'}
            onClick={start}
          >
            <Icon name={stage === 'running' ? 'loader' : 'retry'} />
            {t(START_LABELS[stage])}
          </button>
          {stage === 'done' && <CopyReport rows={rows} />}
        </div>
        <output class={styles.verdict}>{stage === 'done' ? verdictOf(findings) : ''}</output>
        {rows.length > 0 && <FindingTable rows={rows} />}
      </main>
    </>
  );
}

const START_LABELS = {
  before: 'test.start',
  running: 'test.status.running',
  done: 'test.again',
} as const;

function verdictOf(findings: readonly Finding[]): string {
  const count = findings.filter(({ status }) => status === 'fail' || status === 'warn').length;
  if (count > 0) return t('test.problems', { count });
  const reasons = new Set(findings.map(({ reason }) => reason));
  if (reasons.has('invitationRefused')) return t('test.invitationRefused.next');
  return t(reasons.has('invitedOnly') ? 'test.invitedOnly.next' : 'test.allWell');
}

function useCheckup(): {
  readonly stage: Stage;
  readonly findings: readonly Finding[];
  readonly start: () => void;
} {
  const [stage, setStage] = useState<Stage>('before');
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [visit] = useState(() => new AbortController());
  const [token] = useState(() => takeOwnInvitation(NO_ROOM));
  useEffect(() => () => visit.abort(), [visit]);
  const run = async (): Promise<void> => {
    setStage('running');
    setFindings([]);
    const found = await checkConnection({
      onProgress: setFindings,
      signal: visit.signal,
      ...(token !== undefined && { token }),
    });
    if (visit.signal.aborted) return;
    setFindings(found);
    setStage('done');
  };
  return {
    stage,
    findings,
    start: () => {
      if (stage !== 'running') void run();
    },
  };
}

function CopyReport({ rows }: { rows: readonly TableRow[] }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    const report = formatReport(
      {
        title: t('test.title'),
        origin: location.origin,
        browser: navigator.userAgent,
        date: new Date(),
      },
      rows,
    );
    const worked = await copyText(report);
    setCopied(worked);
    announce(t(worked ? 'test.copied' : 'test.notCopied'));
  };
  return (
    <button type="button" class={buttons.secondary} onClick={() => void copy()}>
      <Icon name={isCopied ? 'check' : 'copy'} />
      {t(isCopied ? 'test.copied' : 'test.copy')}
    </button>
  );
}
