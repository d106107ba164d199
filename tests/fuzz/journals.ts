import { readFileSync } from 'node:fs';
import { textIn } from '../../src/export/sheet/read-lines.js';
import { carryOutPlan } from '../../src/jobs/carry-out-plan.js';
import type { WritePlan } from '../../src/jobs/limits.js';
import { type ApplyInput, planApply } from '../../src/jobs/plan-apply.js';
import { planPutBack } from '../../src/jobs/plan-undo.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { type MemoryDirectory, memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import type { Edit } from '../../src/model/change.js';
import type { Entry } from '../../src/model/entry.js';
import { type ReadTerms, readJournal } from '../../src/remediation/run/read-journal.js';
import { scratch } from '../presync.js';
import {
  carriedOut,
  company,
  stateOf,
  strangersIn,
  targetOn,
  type Values,
  valuesOf,
} from './company.js';
import { damaged, pick } from './mutate.js';
import { type Fate, fateOf, once, settings, type Target } from './target.js';

/** A run that came to its end: its journal, and the directory behind it. */
interface Done {
  readonly journal: string;
  readonly entries: readonly Entry[];
  readonly edits: readonly Edit[];
  /** The directory once the run is undone. */
  readonly undone: string;
}

/** A company whose sheet was applied, and the same with that run undone. */
const runs = once(async () => {
  const { path, remove } = scratch();
  const { entries } = await company();
  const memory = memoryDirectory(entries);
  const apply = await done('apply', await planOf(memory), memory, path('apply'));
  const back = await planPutBack(readJournal(apply.journal), targetOn(memory));
  const undo = await done('undo', back, memory, path('undo'));
  remove();
  return { apply, undo };
});

async function planOf(memory: MemoryDirectory, journals: ApplyInput['journals'] = []) {
  const sheet = await textIn(Buffer.from((await company()).sheet));
  const decisions = await decisionsIn(sheet, { acceptForeign: false });
  const judgement = { settings, sheet, rows: decisions.rows, insists: () => false };
  return planApply({ decisions, flags: {}, journals, judgement }, targetOn(memory));
}

async function done(
  command: 'apply' | 'undo',
  plan: WritePlan,
  memory: MemoryDirectory,
  file: string,
): Promise<Done> {
  const undone = stateOf(memory.entries());
  await carryOutPlan({ command }, plan, targetOn(memory), {
    ...{ concurrency: 1, journal: file, now: () => new Date(0), onJournal: () => {} },
  });
  const journal = readFileSync(file, 'utf8');
  const edits = plan.requests.flatMap((request) => request.edits.map(({ edit }) => edit));
  return { journal, edits, undone, entries: memory.entries() };
}

/** A journal as an earlier presync wrote it. */
function unchained(journal: string): string {
  const lines = journal.split('\n').filter((line) => !line.startsWith('{"type":"end"'));
  return lines
    .join('\n')
    .replaceAll(/,"hash":"[^"]*"/g, '')
    .replace('"version":2', '"version":1');
}

/**
 * A journal that somebody or something damaged, and that is undone: the directory holds afterwards only what stands in
 * the journal as it was written, and where nothing is said about the journal, all of it was put back.
 */
export const undoneJournals: Target = (random) =>
  fateOf(async () => {
    const { apply, undo } = await runs();
    const [own, other] = random(3) === 0 ? [undo, apply] : [apply, undo];
    const bytes = damaged(own.journal, random, other.journal);
    const terms = { untilBreak: random(2) === 0 };
    const memory = memoryDirectory(own.entries);
    const fate = await undoing(bytes, terms, memory);
    checkStrangers(memory, valuesOf(own.entries, own.edits));
    if (fate === 'taken' && stateOf(memory.entries()) !== own.undone)
      throw new Error('less was undone than the journal says, and nothing said so');
    return fate;
  });

/** The same of a journal without hashes, which is taken as it stands: no more than that it is told or taken. */
export const unchainedJournals: Target = (random) =>
  fateOf(async () => {
    const { apply, undo } = await runs();
    const bytes = damaged(unchained(apply.journal), random, unchained(undo.journal));
    const fate = await undoing(bytes, {}, memoryDirectory(apply.entries));
    if (fate === 'taken') throw new Error('taken without a word that it has no hashes');
    return fate;
  });

async function undoing(
  bytes: Uint8Array,
  terms: ReadTerms,
  memory: MemoryDirectory,
): Promise<Fate> {
  const { requests, refused, remarks } = await planPutBack(
    readJournal(bytes, terms),
    targetOn(memory),
  );
  const isWhole = await carriedOut(requests, memory);
  // The first remark counts, the others are about the journal.
  return isWhole && refused.length === 0 && remarks.length === 1 ? 'taken' : 'told';
}

function checkStrangers(memory: MemoryDirectory, allowed: Values): void {
  const [stranger] = strangersIn(memory.entries(), allowed);
  if (stranger !== undefined) throw new Error(`written: ${stranger}`);
}

/**
 * A journal of a killed run that was damaged besides, from which the sheet is applied on: the directory holds afterwards
 * only what it held before or what the sheet says, and where nothing is refused, all that the sheet says.
 */
export const resumedJournals: Target = (random) =>
  fateOf(async () => {
    const { entries } = await company();
    const { apply } = await runs();
    const lines = apply.journal.match(/.*\n/g) ?? [];
    // Up to some outcome: what it calls applied was, and nothing behind it.
    const ends = lines.flatMap((line, at) => (line.startsWith('{"type":"outcome"') ? [at] : []));
    const killed = lines.slice(0, 1 + (ends[random(ends.length)] ?? 0)).join('');
    const memory = memoryDirectory(entries);
    const { requests } = readJournal(killed);
    const sent = requests.filter(({ state }) => state === 'applied');
    for (const { edits } of sent)
      await memory.modify(
        edits[0]?.edit.entry.dn ?? '',
        edits.map(({ edit }) => edit),
      );
    const bytes = random(3) === 0 ? Buffer.from(killed) : damaged(killed, random, apply.journal);
    const journal = { ...readJournal(bytes), path: pick(['x'], random) };
    const plan = await planOf(memory, [journal]);
    const isWhole = await carriedOut(plan.requests, memory);
    checkStrangers(memory, valuesOf(entries, apply.edits));
    if (!isWhole || plan.refused.length > 0) return 'told';
    if (stateOf(memory.entries()) !== stateOf(apply.entries))
      throw new Error('less was applied than the sheet says, and nothing said so');
    return 'taken';
  });
