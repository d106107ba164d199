import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { planApply } from '../../src/jobs/plan-apply.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { sameValues } from '../../src/ldap/format/values.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { ApprovedEdit, Edit } from '../../src/model/change.js';
import { codePage } from '../code-page.js';
import { type Company, carriedOut, company, strangersIn, targetOn, valuesOf } from './company.js';
import { damaged, pick, type Random } from './mutate.js';
import { mutatedTable } from './mutate-table.js';
import { fateOf, settings, type Target } from './target.js';

/**
 * A review sheet that a spreadsheet, a hand or a line damaged, and that is applied: the directory holds afterwards what
 * it held before or what the sheet of the scan said. Anything else was told as not the scan's, and called safe never.
 */
export const sheets: Target = (random) =>
  fateOf(async () => {
    const whole = await company();
    const onlySafe = random(2) === 0;
    const sheet = await textIn(damagedSheet(whole.sheet, random));
    const decisions = await decisionsIn(sheet, { acceptForeign: false });
    const flags = onlySafe ? { only: ['safe'] } : {};
    const judgement = { settings, sheet, rows: decisions.rows, insists: () => false };
    const memory = memoryDirectory(whole.entries);
    const plan = await planApply({ decisions, flags, journals: [], judgement }, targetOn(memory));
    const edits = plan.requests.flatMap((request) => request.edits);
    const own = edits.filter((one) => isOwn(one, whole)).map(({ edit }) => edit);
    const typed = edits.filter((one) => !isOwn(one, whole));
    if (typed.length > decisions.edited.length || (onlySafe && typed.length > 0))
      throw new Error(`not told of: ${JSON.stringify(typed[0]?.edit)}`);
    await carriedOut(plan.requests, memory);
    const allowed = valuesOf(whole.entries, [...own, ...typed.map(({ edit }) => edit)]);
    const [stranger] = strangersIn(memory.entries(), allowed);
    if (stranger !== undefined) throw new Error(`written: ${stranger}`);
    const moved = typed.find(({ edit }) => isAnothers(edit, whole));
    if (moved) throw new Error(`moved to another entry: ${JSON.stringify(moved.edit)}`);
    if (typed.length > 0) return 'told';
    return plan.refused.length > 0 ? 'refused' : 'taken';
  });

/** Whether an edit is what the scan proposed, to the letter. */
function isOwn({ edit }: ApprovedEdit, { edits }: Company): boolean {
  return [...edits.values()].some((one) => sameEdit(one, edit));
}

function sameEdit(one: Edit, other: Edit): boolean {
  return (
    one.entry.guid === other.entry.guid &&
    one.attribute.toLowerCase() === other.attribute.toLowerCase() &&
    sameValues(one.before, other.before) &&
    sameValues(one.after, other.after)
  );
}

/** Whether an edit gives an entry what the scan proposed for another one. */
function isAnothers({ entry, after }: Edit, { edits }: Company): boolean {
  return (
    after.length > 0 &&
    [...edits.values()].some((one) => one.entry.guid !== entry.guid && sameValues(one.after, after))
  );
}

/** A sheet that a line, an editor or, mostly, a spreadsheet damaged. */
export function damagedSheet(sheet: string, random: Random): Uint8Array {
  return random(5) < 2 ? damaged(sheet, random) : spreadsheet(sheet, random);
}

const CODE_PAGES = ['windows-1250', 'windows-1252', 'windows-1254', 'windows-1257'] as const;

/** A table that was changed and saved by a spreadsheet, in its separator and encoding; sometimes not to its end. */
function spreadsheet(sheet: string, random: Random): Uint8Array {
  const rows = parse(sheet, { bom: true, relax_column_count: true }) as string[][];
  const table = mutatedTable(rows, random).map((row) => [...row]);
  const delimiter = pick([',', ',', ';', '\t'], random);
  const text = stringify(table, { record_delimiter: '\r\n', delimiter });
  const bytes = encoded(text, random);
  return random(8) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

function encoded(text: string, random: Random): Uint8Array {
  switch (random(5)) {
    case 0:
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    case 1:
      return codePage(pick(CODE_PAGES, random)).encode(text);
    default:
      return Buffer.from(`\uFEFF${text}`);
  }
}
