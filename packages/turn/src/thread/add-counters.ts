/**
 * Totals of several threads together. Pure.
 * @module
 */

/** Totals: numbers, and named groups of them. */
type Totals = { readonly [name: string]: number | Totals };

/** Adds numbers of the same name; `one` and `other` have the same names. */
export function addCounters<C extends object>(one: C, other: C): C;
export function addCounters(one: Totals, other: Totals): Totals {
  const sum: Record<string, number | Totals> = {};
  for (const [name, value] of Object.entries(one)) {
    const added = other[name] ?? 0;
    if (typeof value === 'number') sum[name] = value + (typeof added === 'number' ? added : 0);
    else sum[name] = typeof added === 'number' ? value : addCounters(value, added);
  }
  return sum;
}
