/**
 * Opens the panel with the people and the door of the call.
 * @module
 */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t, withWords } from '../i18n/language.ts';
import type { Call } from '../room/room-session.ts';
import { Icon } from '../ui/icon.tsx';
import { lazyView } from '../ui/use-lazy-view.ts';

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

const LazyPanel = lazyView(
  async () => (await withWords(import('./people-panel.tsx'), 'panel')).PeoplePanel,
);
