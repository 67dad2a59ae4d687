/**
 * A box to tick, and what it means.
 * @module
 */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import styles from './check-field.module.css';

/** What a box needs. */
export interface CheckFieldProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  /** Read out when it changes. */
  readonly note?: string | undefined;
  /** For those who look for it. */
  readonly name?: string | undefined;
}

/** The box with its label, and the note below. */
export function CheckField({ label, isOn, onChange, note, name }: CheckFieldProps): JSX.Element {
  const noteId = useId();
  return (
    <div class={styles.field}>
      <label class={styles.check}>
        <input
          type="checkbox"
          name={name}
          checked={isOn}
          aria-describedby={note === undefined ? undefined : noteId}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      {note !== undefined && (
        <p id={noteId} class={styles.note} aria-live="polite">
          {note}
        </p>
      )}
    </div>
  );
}
