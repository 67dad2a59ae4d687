/**
 * Who is in the call, and, for a host, what can be done about it: people and door.
 * @module
 */
import type { DoorState, HostControls, PeerDescription, PeerId } from '@parley/client';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { Call } from '../room/room-session.ts';
import { announce } from '../ui/announcer.ts';
import buttons from '../ui/buttons.module.css';
import { CloseButton } from './close-button.tsx';
import { DoorSettings } from './door-settings.tsx';
import styles from './people-panel.module.css';

/** What the panel is given. */
export interface PeoplePanelProps {
  readonly call: Call;
  readonly onClose: () => void;
}

/** A dialog at the side; Escape closes it. */
export function PeoplePanel({ call, onClose }: PeoplePanelProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { peers, door } = call.snapshot.value;
  const { self } = call.room;
  const isHost = door?.role === 'host';
  return (
    <dialog ref={dialog} class={styles.panel} aria-labelledby="people-title" onClose={onClose}>
      <header class={styles.header}>
        <h2 id="people-title">{t('call.people')}</h2>
        <CloseButton onClick={() => dialog.current?.close()} />
      </header>
      {door?.knocks.map((knock) => (
        <Knocker key={knock.id} knock={knock} host={call.room.host} />
      ))}
      <ul class={styles.list}>
        <li class={styles.person}>
          <PersonName name={self.name || t('call.guest')} id={self.id} door={door} isSelf />
        </li>
        {peers.map((peer) => (
          <li key={peer.id} class={styles.person}>
            <PersonName name={peer.name || t('call.guest')} id={peer.id} door={door} />
            {isHost && <PersonActions call={call} id={peer.id} name={peer.name} />}
          </li>
        ))}
      </ul>
      {isHost && <DoorSettings door={door} host={call.room.host} />}
    </dialog>
  );
}

/** The same question as outside the panel, which covers it. */
function Knocker(props: { knock: PeerDescription; host: HostControls }): JSX.Element {
  const { id, name } = props.knock;
  const { admit, refuse } = props.host;
  return (
    <section class={styles.person}>
      <p class={styles.name} dir="auto">
        {t('call.knock', { name: name || t('call.guest') })}
      </p>
      <div class={styles.actions}>
        <button
          type="button"
          class={buttons.primary}
          onClick={() => void admit(id).catch(() => undefined)}
        >
          {t('call.knock.admit')}
        </button>
        <button
          type="button"
          class={buttons.secondary}
          onClick={() => void refuse(id).catch(() => undefined)}
        >
          {t('call.knock.refuse')}
        </button>
      </div>
    </section>
  );
}

function PersonName(props: {
  name: string;
  id: PeerId;
  door: DoorState | undefined;
  isSelf?: boolean;
}): JSX.Element {
  const { name, id, door, isSelf = false } = props;
  return (
    <p class={styles.name}>
      <span dir="auto">{name}</span>
      {isSelf && <span class={styles.badge}>{t('call.you')}</span>}
      {door?.hosts.includes(id) === true && <span class={styles.badge}>{t('call.host')}</span>}
    </p>
  );
}

/** Somebody who has left meanwhile needs no more than that. */
async function act(action: Promise<void>, done: string): Promise<void> {
  const isDone = await action.then(
    () => true,
    () => false,
  );
  announce(isDone ? done : t('call.host.failed'));
}

function PersonActions(props: { call: Call; id: PeerId; name: string }): JSX.Element {
  const { call, id } = props;
  const { host } = call.room;
  const name = props.name || t('call.guest');
  return (
    <div class={styles.actions}>
      <button
        type="button"
        class={buttons.secondary}
        aria-label={t('call.host.muteOf', { name })}
        onClick={() => void act(host.askToMute(id), t('announce.muteAsked', { name }))}
      >
        {t('call.host.mute')}
      </button>
      <button
        type="button"
        class={buttons.secondary}
        aria-label={t('call.host.promoteOf', { name })}
        onClick={() => void act(host.promote(id), t('announce.promoted', { name }))}
      >
        {t('call.host.promote')}
      </button>
      <button
        type="button"
        class={`${buttons.secondary} ${styles.remove}`}
        aria-label={t('call.host.removeOf', { name })}
        onClick={() => void act(host.remove(id), t('announce.removed', { name }))}
      >
        {t('call.host.remove')}
      </button>
    </div>
  );
}
