import type { Claims } from '../judging/claims.js';
import { directoryHolders } from '../judging/directory-holders.js';
import type { MarkedRow } from '../judging/marked-row.js';
import { entryOf } from '../judging/offline-engine.js';
import { identityOf } from '../ldap/format/dn.js';
import { nameVariants } from '../mail/name-variants.js';
import { isSecondary } from '../mail/proxy-addresses.js';
import type { Entry } from '../model/entry.js';
import type { PooledKey, Settings } from '../model/rule.js';
import { canGiveUp } from '../remediation/plan/free-names.js';
import { RENAMES } from '../remediation/plan/plan.js';
import type { Target } from '../remediation/run/resilient-writer.js';
import { groupBy } from '../tables/group.js';
import { jsonValue } from '../text/json-lines.js';
import { createEngine, type Engine } from '../validators/engine/engine.js';
import { STANDING_ATTRIBUTES, standingOf } from '../validators/engine/standing.js';
import { profileFor } from '../validators/profiles/index.js';
import type { Choice, Group, Member, MemberRow } from './api.js';
import { rulesOf } from './row-view.js';

/** The duplicates of a sheet: rows whose values are the same to the cloud. */
export interface Groups {
  /** The group of a row; empty where no other entry of the sheet shares its value. */
  groupOf(row: number): string;
  /** The holders side by side; undefined where there is no such group. */
  show(group: string): Promise<Group | undefined>;
}

export interface GroupInput {
  readonly settings: Settings;
  readonly rows: ReadonlyMap<number, MarkedRow>;
  readonly claims: Claims;
  readonly target: Target | undefined;
}

/** A duplicate under way: its key, and the rows by entry. */
interface Shared {
  readonly key: PooledKey;
  readonly rows: readonly number[];
}

/** Names that are tried before a person is asked for one. */
const TRIES = 10;

export function createGroups({ settings, rows, claims, target }: GroupInput): Groups {
  const engine = createEngine(profileFor(settings), settings);
  const { shared, ofRow } = findShared(rows, engine);
  const known = (numbers: readonly number[]) =>
    numbers.map((row) => rows.get(row)).filter((one) => one !== undefined);
  return {
    groupOf: (row) => ofRow.get(row) ?? '',
    async show(group) {
      const found = shared.get(group);
      if (!found) return undefined;
      const byEntry = groupBy(known(found.rows), ({ sheetRow }) => identityOf(sheetRow));
      const members: Member[] = [];
      for (const own of byEntry.values()) {
        const [first] = own;
        if (!first) continue;
        const { dn, commonName, objectClass: kind, guid } = first.sheetRow;
        const ref = { dn, guid, kind: 'other' } as const;
        const entry = await target?.read(ref, [...STANDING_ATTRIBUTES, 'displayName']);
        const memberRows: MemberRow[] = [];
        for (const one of own)
          memberRows.push({
            row: one.row,
            attribute: one.sheetRow.attribute,
            value: jsonValue(one.sheetRow.value),
            kept: rulesOf(one).every(isDuplicate) ? { row: one.row, is: 'keep' } : null,
            lost: await giveUp(one, found.key, engine, claims, target),
          });
        members.push({
          dn,
          name: commonName,
          kind,
          rows: memberRows,
          facts: target ? factsOf(entry, await target.elsewhere?.(dn), settings) : [],
        });
      }
      const reach = target
        ? `Facts and free names by ${target.name}.`
        : 'Free names by this sheet alone. Name the directory to see mailbox, state and age of each.';
      return { value: found.key.key, members, reach };
    },
  };
}

function isDuplicate(rule: string): boolean {
  return rule.startsWith('duplicate-');
}

function findShared(rows: ReadonlyMap<number, MarkedRow>, engine: Engine) {
  const byKey = new Map<string, { key: PooledKey; rows: MarkedRow[] }>();
  for (const one of rows.values()) {
    const { attribute, value } = one.sheetRow;
    const pools = rulesOf(one).filter(isDuplicate);
    if (pools.length === 0 || value === undefined) continue;
    const keys = engine.keys(entryOf(one.sheetRow, [value]), attribute);
    const key = keys.find(({ pool }) => pools.includes(pool));
    if (!key) continue;
    const name = `${key.pool} ${key.key}`;
    const known = byKey.get(name) ?? { key, rows: [] };
    byKey.set(name, known);
    known.rows.push(one);
  }
  const shared = new Map<string, Shared>();
  const ofRow = new Map<number, string>();
  for (const [name, { key, rows: own }] of byKey) {
    if (new Set(own.map(({ sheetRow }) => identityOf(sheetRow))).size < 2) continue;
    shared.set(name, { key, rows: own.map(({ row }) => row) });
    for (const { row } of own) ofRow.set(row, name);
  }
  return { shared, ofRow };
}

/** How a row would give the shared value up: as the scan proposed, else as the scan would have. */
async function giveUp(
  one: MarkedRow,
  key: PooledKey,
  engine: Engine,
  claims: Claims,
  target: Target | undefined,
): Promise<Choice | null> {
  const { row, sheetRow } = one;
  const { attribute, value, update, proposedAction } = sheetRow;
  const keysOf = (text: string) => engine.keys(entryOf(sheetRow, [text]), attribute);
  const isShared = (text: string) =>
    keysOf(text).some((other) => other.pool === key.pool && other.key === key.key);
  if (typeof update === 'string' && !isShared(update)) return { row, is: 'write', update };
  if (proposedAction.trim().toUpperCase() === 'REMOVE') return { row, is: 'remove' };
  if (!RENAMES.has(key.pool) || typeof value !== 'string') return null;
  if (!canGiveUp({ entry: sheetRow, attribute, value }, key)) return null;
  if (isSecondary({ attribute, value })) return { row, is: 'remove' };
  let tries = 0;
  for (const name of nameVariants(value)) {
    tries += 1;
    if (tries > TRIES) return null;
    const keys = keysOf(name);
    if (claims.holders(keys, sheetRow).length > 0) continue;
    const there = target ? await directoryHolders(target, engine, keys, name, sheetRow) : [];
    if (there.length === 0) return { row, is: 'write', update: name };
  }
  return null;
}

/** What a directory says of a holder; `part` is where it lies, if another server holds that. */
function factsOf(
  entry: Entry | undefined,
  part: string | undefined,
  settings: Settings,
): Member['facts'] {
  const unseen = part === undefined ? 'not there any more' : `in ${part}, not seen from here`;
  if (!entry) return [{ name: 'Entry', value: unseen }];
  const { mailbox, enabled, created } = standingOf(entry, settings);
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(created) ?? [];
  const display = entry.values('displayName')[0];
  return [
    ...(typeof display === 'string' ? [{ name: 'Display name', value: display }] : []),
    { name: 'Mailbox', value: mailbox ? 'yes' : 'none seen' },
    ...(entry.values('userAccountControl').length > 0
      ? [{ name: 'Account', value: enabled ? 'enabled' : 'disabled' }]
      : []),
    ...(year ? [{ name: 'Created', value: `${year}-${month}-${day}` }] : []),
  ];
}
