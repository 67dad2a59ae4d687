/**
 * What an owner asks one node and all of them know: asks the others, and waits for their answers.
 * @module
 */
import type { Clock } from '../clock.ts';
import type { Question } from './frames.ts';
import type { NodeId } from './node-id.ts';

/** What questions are asked with. */
export interface QuestionsOptions {
  readonly others: () => readonly NodeId[];
  readonly ask: (to: NodeId, question: Question, id: number) => void;
  readonly clock: Clock;
}

interface Asked {
  readonly answers: unknown[];
  readonly missing: Set<NodeId>;
  readonly done: () => void;
}

/** Who has not answered by then does not. */
const PATIENCE_MS = 2_000;

/** See the module comment. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #asked = new Map<number, Asked>();
  #last = 0;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** The answers of all other nodes that gave one. Never rejects. */
  async ask(question: Question): Promise<readonly unknown[]> {
    const { others, ask, clock } = this.#options;
    const missing = new Set(others());
    const answers: unknown[] = [];
    if (missing.size === 0) return answers;
    this.#last += 1;
    const id = this.#last;
    await new Promise<void>((done) => {
      const timer = clock.setTimeout(done, PATIENCE_MS);
      this.#asked.set(id, {
        answers,
        missing,
        done: () => {
          clock.clearTimeout(timer);
          done();
        },
      });
      for (const node of missing) ask(node, question, id);
    });
    this.#asked.delete(id);
    return answers;
  }

  /** Takes an answer. */
  hear(id: number, answer: unknown, from: NodeId): void {
    const asked = this.#asked.get(id);
    if (asked === undefined || !asked.missing.delete(from)) return;
    asked.answers.push(answer);
    if (asked.missing.size === 0) asked.done();
  }
}
