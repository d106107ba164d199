import { printable } from '../text/printable.js';
import type { Answer } from './answer.js';

/**
 * Why a value is not written: somebody else has it and keeps it, a rule calls it an error, or it shows by itself what a
 * rule warns of. What its entry was warned of before stands in nobody's way. Undefined where nothing speaks against it.
 */
export function refusalOf({ faults, taken }: Answer, update: string): string | undefined {
  const holder = taken.find(({ givesUp }) => !givesUp);
  if (holder) {
    const who = `${printable(holder.dn)} (${holder.attribute})`;
    const how = holder.by === 'stored' ? 'held by' : 'proposed for';
    return `"${printable(update.slice(0, 200))}" is ${how} ${who}.`;
  }
  const isGrave = ({ severity, own }: Answer['faults'][number]) =>
    severity === 'error' || (severity === 'warning' && own);
  return faults.find(isGrave)?.message;
}
