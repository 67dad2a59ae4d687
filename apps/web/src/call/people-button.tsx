/**
 * Opens the panel with the people and the door of the call.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { loadWords, t } from '../i18n/language.ts';
import type { Call } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import { useLazyView } from '../ui/use-lazy-view.ts';
import type { PeoplePanelProps } from './people-panel.tsx';

/** The panel is fetched when it is opened for the first time. */
export function PeopleButton(props: { call: Call; class: string | undefined }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { call } = props;
  return (
    <>
      <button
        type="button"
        class={props.class}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="users" size={22} />
        <span>{t('call.people.open')}</span>
      </button>
      {isOpen && <LazyPanel call={call} onClose={() => setOpen(false)} />}
    </>
  );
}

function LazyPanel(props: PeoplePanelProps): JSX.Element {
  const view = useLazyView(loadPanel);
  return typeof view === 'string' ? <></> : h(view, props);
}

async function loadPanel(): Promise<ComponentType<PeoplePanelProps>> {
  const words = loadWords('panel');
  return (await Promise.all([import('./people-panel.tsx'), words]))[0].PeoplePanel;
}
