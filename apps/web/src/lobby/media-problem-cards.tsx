/**
 * Help for a camera or microphone that did not start.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { blurState } from '../media/blur-state.ts';
import type { RoomSession } from '../room/room-session.ts';
import buttons from '../ui/buttons.module.css';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { TestLink } from '../ui/test-link.tsx';
import { mediaProblems } from './media-problems.ts';
import type { MediaProblem, SlotFailure } from './media-problems.ts';
import { detectPlatform } from './platform.ts';

const PLATFORM = detectPlatform(navigator.userAgent, navigator.maxTouchPoints);

/** What the cards are about. */
export interface MediaProblemCardsProps {
  readonly session: RoomSession;
  readonly camera: SlotFailure;
  readonly microphone: SlotFailure;
  /** In the lobby a card also says what joining without the device means. */
  readonly beforeCall: boolean;
}

/** One card per cause; nothing while all is well. */
export function MediaProblemCards(props: MediaProblemCardsProps): JSX.Element {
  const { session, camera, microphone } = props;
  const isUnblurred =
    blurState.value === 'failed' && camera.state === 'failed' && camera.error !== undefined;
  const told = isUnblurred ? { ...camera, error: undefined } : camera;
  const problems = mediaProblems(told, microphone, PLATFORM);
  return (
    <>
      {isUnblurred && <BlurCard session={session} />}
      {problems.map((problem) => (
        <MediaProblemCard key={problem.devices} problem={problem} {...props} />
      ))}
    </>
  );
}

function BlurCard({ session }: { session: RoomSession }): JSX.Element {
  const start = (): Promise<void> => session.startDevices('camera');
  const startWithout = async (): Promise<void> => {
    const { switchBlur } = await import('../blur/blur-tool.ts');
    await switchBlur(session.cameraSlot, false);
    await start();
  };
  return (
    <Notice title={t('problem.blur.title')} body={t('problem.blur.body')}>
      <button type="button" class={buttons.secondary} onClick={() => void start()}>
        <Icon name="retry" size={18} />
        {t('lobby.tryAgain')}
      </button>
      <button type="button" class={buttons.quiet} onClick={() => void startWithout()}>
        {t('problem.blur.without')}
      </button>
    </Notice>
  );
}

function MediaProblemCard(props: MediaProblemCardsProps & { problem: MediaProblem }): JSX.Element {
  const { session, problem, beforeCall } = props;
  const devices = t(problem.deviceNames);
  const sentences = [t(problem.help, { devices })];
  if (beforeCall && problem.consequence !== undefined) sentences.push(t(problem.consequence));
  return (
    <Notice title={t(problem.title, { devices })} body={sentences.join(' ')}>
      {problem.retryable && (
        <button
          type="button"
          class={buttons.secondary}
          onClick={() => void session.startDevices(problem.devices)}
        >
          <Icon name="retry" size={18} />
          {t('lobby.tryAgain')}
        </button>
      )}
      <TestLink />
    </Notice>
  );
}
