import { printable } from '../text/printable.js';
import type { Answer, Taken } from './answer.js';

const BY = {
  stored: 'held by',
  update: 'proposed for',
  proposal: 'what the scan proposed for',
} as const satisfies Record<Taken['by'], string>;

/**
 * Why a value is not written: somebody else has it and keeps it, or is the one it was proposed for, a rule calls it an error, or it shows by itself what a
 * rule warns of. What its entry was warned of before stands in nobody's way. Undefined where nothing speaks against it.
 */
export function refusalOf({ faults, taken }: Answer, update: string): string | undefined {
  const holder = taken.find(({ givesUp }) => !givesUp);
  if (holder) {
    const who = `${printable(holder.dn)} (${holder.attribute})`;
    const end =
      holder.row === undefined
        ? ''
        : ` in row ${holder.row}: if UPDATE was sorted or shifted by itself, put it back`;
    return `"${printable(update.slice(0, 200))}" is ${BY[holder.by]} ${who}${end}.`;
  }
  const isGrave = ({ severity, own }: Answer['faults'][number]) =>
    severity === 'error' || (severity === 'warning' && own);
  return faults.find(isGrave)?.message;
}
