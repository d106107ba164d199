import type { Holder, Value } from '../../model.js';
import { printable } from '../../printable.js';

/** What one holder of a shared value is told: who else holds it, and what to do. */
export function duplicateMessage(
  value: Value,
  others: readonly Holder[],
  otherCount: number,
): string {
  const [first] = others;
  const where = first ? `${printable(first.entry.dn)} (${first.attribute})` : 'another entry';
  const more = otherCount > 1 ? ` and ${otherCount - 1} more` : '';
  const what = typeof value === 'string' ? `"${printable(value)}"` : 'The value';
  return `${what} is also held by ${where}${more}. Only one of them reaches the cloud with it: decide whose it is and change the others.`;
}
