/**
 * A card about something that went wrong: what happened, what to do.
 * @module
 */
import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

/** Title, help and, in `children`, the button that helps. */
export function Notice(props: {
  title: string;
  body: string;
  /** Read out at once by screen readers. */
  urgent?: boolean;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <section class={styles.card} role={props.urgent ? 'alert' : undefined}>
      <Icon name="alert" size={22} />
      <div class={styles.words}>
        <h2>{props.title}</h2>
        <p>{props.body}</p>
        {props.children}
      </div>
    </section>
  );
}
