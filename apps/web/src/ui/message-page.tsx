/**
 * A page that says one thing and offers what to do next.
 * @module
 */
import type { ComponentChildren, JSX } from 'preact';
import styles from './message-page.module.css';
import { PageHeader } from './page-header.tsx';
import { useFocusOnArrival } from './use-focus-on-arrival.ts';

/** Title, one or two sentences, and the buttons in `children`. */
export function MessagePage(props: {
  title: string;
  body: string;
  children: ComponentChildren;
}): JSX.Element {
  const heading = useFocusOnArrival(true);
  return (
    <>
      <PageHeader />
      <main class={styles.page}>
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        <p>{props.body}</p>
        <div class={styles.actions}>{props.children}</div>
      </main>
    </>
  );
}
