/**
 * An order takes as long as the authority likes: a limit for all of it together, after which nothing
 * of it is shown any more.
 * @module
 */
import type { TlsIdentity } from '@parley/turn';
import type { Clock, Timer } from '../../clock.ts';
import type { AcmeOrder, ProofPlace } from './acme-order.ts';
import { acmeProblem } from './acme-problem.ts';

/** Gets a certificate; `orderCertificate`. */
export type PlaceOrder = (order: AcmeOrder) => Promise<TlsIdentity>;

/** An authority that is well needs some seconds, and half a minute when it looks from several places. */
export const ORDER_LIMIT_MS = 180_000;

/** @throws {ParleyError} `ERR_ACME`, also when there is no certificate after three minutes */
export async function orderInTime(
  order: AcmeOrder,
  clock: Clock,
  placeOrder: PlaceOrder,
): Promise<TlsIdentity> {
  const place = new EndingPlace(order.place);
  let timer: Timer | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimeout(() => {
      const detail = `it has not finished after ${ORDER_LIMIT_MS / 1000} seconds`;
      reject(acmeProblem(order, { type: 'timeout', detail }, undefined));
    }, ORDER_LIMIT_MS);
  });
  const ordering = placeOrder({ ...order, place });
  // What becomes of an order that nobody waits for is of no interest.
  ordering.catch(() => {});
  try {
    return await Promise.race([ordering, limit]);
  } finally {
    if (timer !== undefined) clock.clearTimeout(timer);
    place.end();
  }
}

/** Takes back what it shows at the end, and shows nothing afterwards: the next order may be under way. */
class EndingPlace implements ProofPlace {
  readonly #place: ProofPlace;
  readonly #tokens = new Set<string>();
  #isProving = false;
  #isOver = false;

  constructor(place: ProofPlace) {
    this.#place = place;
  }

  prove(identity: TlsIdentity | undefined): void {
    if (this.#isOver) return;
    this.#isProving = identity !== undefined;
    this.#place.prove(identity);
  }

  answer(token: string, text: string | undefined): void {
    if (this.#isOver) return;
    if (text === undefined) this.#tokens.delete(token);
    else this.#tokens.add(token);
    this.#place.answer(token, text);
  }

  end(): void {
    if (this.#isProving) this.prove(undefined);
    for (const token of this.#tokens) this.answer(token, undefined);
    this.#isOver = true;
  }
}
