import { withValue } from '../ldap/entry/entry.js';
import { identityOf } from '../ldap/format/dn.js';
import { IDENTITY_ATTRIBUTES, sameValue } from '../ldap/format/values.js';
import type { Edit, SheetRow } from '../model/change.js';
import type { Entry, EntryRef } from '../model/entry.js';
import type { Finding } from '../model/finding.js';
import type { Settings } from '../model/rule.js';
import { approve } from '../remediation/plan/approve.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { groupBy } from '../tables/group.js';
import { createEngine, type Engine } from '../validators/engine/engine.js';
import { profileFor } from '../validators/profiles/index.js';
import type { Answer, Taken } from './answer.js';
import type { Claims } from './claims.js';
import { directoryHolders } from './directory-holders.js';
import type { MarkedRow } from './marked-row.js';
import { entryOf, offlineEngine } from './offline-engine.js';
import type { Proposals } from './proposals.js';

const OFFLINE =
  'Judged by this sheet alone: other attributes of the entry, and values that no row names, are not known.';

/** Answers whether the rules agree with a value, and whether somebody has it. */
export interface Checker {
  check(one: MarkedRow, update: string): Promise<Answer>;
}

/** What the answers are made of. */
export interface CheckInput {
  readonly settings: Settings;
  readonly rows: ReadonlyMap<number, MarkedRow>;
  readonly claims: Claims;
  readonly proposals: Proposals;
  /** The directory to ask; undefined offline. */
  readonly target: Target | undefined;
}

export function createChecker(input: CheckInput): Checker {
  const { settings, rows, claims, proposals, target } = input;
  const engine = createEngine(profileFor(settings), settings);
  const offline = offlineEngine(settings);
  let byEntry: ReadonlyMap<string, readonly MarkedRow[]> | undefined;
  const rowsOfEntry = ({ sheetRow }: MarkedRow): readonly MarkedRow[] => {
    byEntry ??= groupBy(rows.values(), (row) => identityOf(row.sheetRow));
    const own = byEntry.get(identityOf(sheetRow)) ?? [];
    return own.map(({ row }) => rows.get(row)).filter((row) => row !== undefined);
  };
  return {
    async check(one, update) {
      const own = rowsOfEntry(one);
      const entry = target && (await readEntryOfRow(one.sheetRow, target, engine));
      const findings = entry
        ? faultsIn(entry, own, one, update, engine)
        : faultsOffline(own, one, update, offline);
      const alone = offline.check(entryOf(one.sheetRow, [update]), one.sheetRow.attribute);
      const ownRules = new Set(alone.map(({ rule }) => rule));
      const faults = findings.map(({ rule, message, severity }) => ({
        ...{ rule, message, severity, own: ownRules.has(rule) },
      }));
      const keys = offline.keys(entryOf(one.sheetRow, [update]), one.sheetRow.attribute);
      const claimed = claims.holders(keys, one.sheetRow);
      const owner = proposals.ownerOf(update, one);
      const there = target
        ? await directoryHolders(target, engine, keys, update, one.sheetRow)
        : [];
      const reach = await reachOf(target, entry, one.sheetRow.dn);
      return { faults, taken: joined(claimed, owner, there), reach };
    },
  };
}

/** All that stands in the way of a value, each place once; the sheet speaks first, so that it says the same offline. */
function joined(
  claimed: readonly Taken[],
  owner: Taken | undefined,
  there: readonly Taken[],
): readonly Taken[] {
  const known = new Set(claimed.map(placeOf));
  const isTold = claimed.some(
    (one) => one.by === 'update' && owner && placeOf(one) === placeOf(owner),
  );
  const more = there.filter((one) => !known.has(placeOf(one)));
  return [...claimed, ...(owner && !isTold ? [owner] : []), ...more];
}

function placeOf({ dn, attribute }: Taken): string {
  return `${dn}\0${attribute}`.toLowerCase();
}

async function readEntryOfRow(row: SheetRow, target: Target, engine: Engine) {
  const ref: EntryRef = { dn: row.dn, guid: row.guid, kind: 'other' };
  return target.read(ref, [...IDENTITY_ATTRIBUTES, ...engine.attributes]);
}

/** Faults of the new value, and of the rest of the entry that were not there before. */
function faultsIn(
  stored: Entry,
  own: readonly MarkedRow[],
  one: MarkedRow,
  update: string,
  engine: Engine,
): readonly Finding[] {
  const others = own.filter(({ row }) => row !== one.row);
  const before = editsOf(others).reduce(after, stored);
  const { attribute, value } = one.sheetRow;
  const entry = withValue(before, attribute, value, update);
  const old = new Set(engine.check(before).map(nameOf));
  return engine.check(entry).filter((f) => isAbout(f, one, update) || !old.has(nameOf(f)));
}

function faultsOffline(
  own: readonly MarkedRow[],
  one: MarkedRow,
  update: string,
  engine: Engine,
): readonly Finding[] {
  const { attribute } = one.sheetRow;
  const siblings = own.filter(
    ({ row, sheetRow }) =>
      row !== one.row && sheetRow.attribute.toLowerCase() === attribute.toLowerCase(),
  );
  const values = siblings.flatMap(({ sheetRow: { value }, mark: { action, update } }) => {
    if (action === 'REMOVE') return [];
    const kept = action === 'EDIT' ? update : value;
    return kept === undefined ? [] : [kept];
  });
  const entry = entryOf(one.sheetRow, [...values, update]);
  return engine.check(entry, attribute).filter((finding) => isAbout(finding, one, update));
}

/** What accepted rows of an entry would change, so far as apply would take them. */
function editsOf(rows: readonly MarkedRow[]): readonly Edit[] {
  const marked = rows.map(({ row, sheetRow, mark }) => ({
    row,
    sheetRow: { ...sheetRow, action: mark.action, update: mark.update },
  }));
  return approve(marked).approved.map(({ edit }) => edit);
}

function after(entry: Entry, { attribute, before, after: [update] }: Edit): Entry {
  return withValue(entry, attribute, before[0], update);
}

function isAbout({ attribute, value }: Finding, one: MarkedRow, update: string): boolean {
  const same = attribute.toLowerCase() === one.sheetRow.attribute.toLowerCase();
  return same && value !== undefined && sameValue(value, update);
}

function nameOf({ rule, attribute, value }: Finding): string {
  return JSON.stringify([rule, attribute.toLowerCase(), String(value ?? '')]);
}

async function reachOf(
  target: Target | undefined,
  entry: Entry | undefined,
  dn: string,
): Promise<string> {
  if (!target) return OFFLINE;
  const where = `Asked ${target.name}: values in domains that it does not hold are not seen.`;
  if (entry) return where;
  const part = await target.elsewhere?.(dn);
  const why = part === undefined ? 'is not there any more' : `is in ${part} and not seen from here`;
  return `The entry ${why}, so the sheet alone was asked for it. ${where}`;
}
