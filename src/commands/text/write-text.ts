import { ExpectedError, type NameOf } from '../../errors.js';
import { elsewhereText } from '../../jobs/elsewhere.js';
import type { WritePlan } from '../../jobs/limits.js';
import type { Results } from '../../remediation/run/carry-out.js';
import type { PlannedRequest } from '../../remediation/run/requests.js';
import { showValues } from '../../remediation/run/show-values.js';
import { printable } from '../../text/printable.js';

/** Old and new values entry by entry, the totals, and how many rows are not for this server. */
export function planText({ requests, refused, remarks, elsewhere }: WritePlan): string {
  const lines = requests.flatMap(requestLines);
  const changes = requests.reduce((sum, { edits }) => sum + edits.length, 0);
  const totals = [
    `${requests.length} entries to change`,
    `${changes} changes`,
    `${refused.length} rows refused`,
    ...remarks,
  ];
  const away = elsewhereText(elsewhere);
  const end = [totals.join(', '), ...(away === '' ? [] : [`${away}.`])];
  return `${[...lines, ...(lines.length > 0 ? [''] : []), ...end].join('\n')}\n`;
}

function requestLines({ ref, edits }: PlannedRequest): readonly string[] {
  return [
    printable(ref.dn),
    ...edits.flatMap(({ edit: { attribute, before, after } }) => [
      `  ${printable(attribute)}`,
      ...before.map((value) => `    - ${showValues([value])}`),
      ...after.map((value) => `    + ${showValues([value])}`),
    ]),
  ];
}

/** The commands that a person may want next; undefined where there is nothing to do. */
export interface NextCommands {
  /** Goes on where a run stopped. */
  readonly goOn: string;
  /** Takes back what a run did, the first command first. */
  readonly back: readonly string[];
}

/** What a run did, by state, and what to type next. */
export function resultText(
  command: 'apply' | 'undo',
  { counts, rows, stopped }: Results,
  { goOn, back }: NextCommands,
  nameOf: NameOf,
): string {
  const shown = Object.entries(counts).filter(([state, n]) => n > 0 || state === 'applied');
  const lines = [shown.map(([state, n]) => `${n} ${state}`).join(', ')];
  if (stopped) {
    const next = rows.find(({ state }) => state === 'not attempted');
    lines.push(`Stopped early: ${printable(stopped.reason)}.`);
    if (stopped.cause instanceof ExpectedError)
      lines.push(`  ${printable(stopped.cause.worded(nameOf).hint)}`);
    if (next) lines.push(`The first row not attempted is row ${next.row}.`);
    lines.push(`To go on: ${goOn}`);
  }
  const what = command === 'apply' ? 'To put everything back:' : 'To do it again:';
  if (counts.applied + counts.unknown > 0) lines.push(...back.map((text) => `${what} ${text}`));
  return `${lines.join('\n')}\n`;
}
