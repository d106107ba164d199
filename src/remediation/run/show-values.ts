import { mayMatch } from '../../ldap/format/may-match.js';
import type { Value } from '../../model/entry.js';
import { printable } from '../../text/printable.js';

/** Values for a message: at most three unless told otherwise, shortened; those that resemble `like` if there are any. */
export function showValues(values: readonly Value[], like?: Value, most = 3): string {
  const alike = values.filter((value) => like !== undefined && mayMatch(value, like));
  const list = alike.length > 0 ? alike : values;
  if (list.length === 0) return 'no value';
  const shown = list.slice(0, most).map(showValue).join(', ');
  return list.length > most ? `${shown} and ${list.length - most} more` : shown;
}

function showValue(value: Value): string {
  if (typeof value !== 'string') return `${value.length} bytes`;
  return value.length > 80 ? `"${printable(value.slice(0, 79))}…"` : `"${printable(value)}"`;
}
