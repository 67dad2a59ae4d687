/**
 * A button with a small panel above it. The browser opens it, closes it on Escape and on a click
 * elsewhere, and gives the focus back.
 * @see https://html.spec.whatwg.org/multipage/popover.html
 * @module
 */
import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import styles from './popover-button.module.css';

/** What the button and its panel show. */
export interface PopoverButtonProps {
  readonly class: string | undefined;
  /** Accessible name of button and panel. */
  readonly label: string;
  readonly icon: JSX.Element;
  /** Given the way to close the panel. Drawn while it is open. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** The button, and its panel while it is open. */
export function PopoverButton(props: PopoverButtonProps): JSX.Element {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => document.querySelector<HTMLElement>(`[id="${id}"]`)?.hidePopover();
  return (
    <>
      <button
        type="button"
        class={props.class}
        aria-label={props.label}
        title={props.label}
        aria-expanded={isOpen}
        popovertarget={id}
      >
        {props.icon}
      </button>
      <fieldset
        id={id}
        popover="auto"
        class={styles.panel}
        aria-label={props.label}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {isOpen && props.children(close)}
      </fieldset>
    </>
  );
}
