import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { type SlapdServer, startSlapd } from '../tests/servers/slapd.js';
import { type Command, inTurn, measure, median, middle, presync, type Reading } from './measure.js';
import { people } from './people.js';
import {
  contest,
  ratio,
  type Scale,
  type Section,
  type Target,
  table,
  thousands,
} from './report.js';
import { SUFFIX, slapdEntries } from './slapd.js';

const FILES = ['apply.csv', 'changes.ldif', 'password', 'journal.jsonl'];
/** One after the other, as many at once as by default, and more. */
const CONCURRENCIES = [1, 4, 8];
/** Of the rate of ldapmodify. */
const SHARE = 0.8;
const YARDSTICK = '`ldapmodify` with the same change records';
/** A domain that nobody has an address in. */
const NEW = 'contoso.fr';

/** Applying a sheet beside ldapmodify with the same change records, each on a new copy of the directory. */
export async function apply({ rounds, quick }: Scale, folder: string): Promise<Section> {
  const edits = quick ? 500 : 5_000;
  const [sheet = '', records = '', password = '', journal = ''] = FILES.map((name) =>
    join(folder, name),
  );
  writeFileSync(sheet, sheetOf(edits));
  await measure(presync('ldif', sheet, '--out', records));
  const entries = slapdEntries(edits);
  const onCopy = (command: (server: SlapdServer) => Command) =>
    measureOnCopy(entries, edits, async (server) => {
      writeFileSync(password, server.password);
      rmSync(journal, { force: true });
      return measure(command(server));
    });
  const writing = CONCURRENCIES.map((): number[] => []);
  const readings = await inTurn(
    rounds,
    ...CONCURRENCIES.map((concurrency, at) => async () => {
      const reading = await onCopy(({ url, bindDn }) =>
        presync(
          ...['apply', sheet, url, '--bind-dn', bindDn, '--password-file', password],
          ...['--allow-plaintext', '--confirm', '--journal', journal],
          ...['--max-changes', String(edits), '--concurrency', String(concurrency)],
        ),
      );
      writing[at]?.push(secondsOf(journal));
      return reading;
    }),
    () =>
      onCopy(({ url, bindDn }) => ({
        program: 'ldapmodify',
        args: ['-x', '-H', url, '-D', bindDn, '-y', password, '-f', records],
      })),
  );
  const names = CONCURRENCIES.map((one) => `presync apply --concurrency ${one}`);
  const rates = [...writing.map(median), middle(readings.at(-1))].map((time) => edits / time);
  const all = [...names, YARDSTICK];
  const body = `${thousands(edits)} edits of as many entries on slapd, which flushes each change to disk. Before the first change presync compares every
row with the directory; before each it writes the journal and reads the entry again. The whole commands:

${contest(all, readings)}
While changes are on their way, from the first line of the journal to the last:

${ratesTable(all, rates)}`;
  return { body, targets: targetsOf(rates) };
}

/** Measures on a new directory, and checks that all edits were made. */
async function measureOnCopy(
  entries: string,
  edits: number,
  change: (server: SlapdServer) => Promise<Reading>,
): Promise<Reading> {
  const server = await startSlapd({ suffix: SUFFIX, entries, tls: false, durable: true });
  try {
    const reading = await change(server);
    const filter = `(proxyAddresses=*@${NEW})`;
    const changed = await server.search({ filter, attributes: ['cn'] });
    if (changed.length !== edits) throw new Error(`${changed.length} of ${edits} were changed`);
    return reading;
  } finally {
    await server.stop();
  }
}

/** From the first line of a journal to the last. */
function secondsOf(journal: string): number {
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  const { started } = JSON.parse(lines[0] ?? '') as { started: string };
  const { time } = JSON.parse(lines.at(-1) ?? '') as { time: string };
  return (Date.parse(time) - Date.parse(started)) / 1000;
}

/** A marked sheet that moves one address of everybody to another domain. */
function sheetOf(edits: number): string {
  const rows = Array.from(people(edits, SUFFIX), ({ dn, attributes }, at) => {
    const [, old = ''] = [attributes['proxyAddresses']].flat();
    return {
      DISTINGUISHEDNAME: dn,
      ATTRIBUTE: 'proxyAddresses',
      VALUE: old,
      UPDATE: old.replace(/@.*/, `@${NEW}`),
      ACTION: 'EDIT',
      ID: String(at),
    };
  });
  return stringify(rows, { header: true });
}

/** Rates in changes a second, each beside the last one. */
function ratesTable(names: readonly string[], rates: readonly number[]): string {
  const yardstick = rates.at(-1) ?? 0;
  const rows = names.map((name, at) => {
    const rate = rates[at] ?? 0;
    return [name, thousands(rate), ratio(rate / yardstick)];
  });
  return table(['', 'changes a second', 'to yardstick'], rows);
}

function targetsOf(rates: readonly number[]): readonly Target[] {
  const [oneByOne = 0, usual = 0, more = 0, yardstick = 0] = rates;
  const atLeast = (what: string, wanted: number, measured: number): Target => ({
    what,
    wanted: `≥ ${wanted}`,
    measured: ratio(measured),
    reached: measured >= wanted,
  });
  return [
    atLeast('writing, by default: rate to that of ldapmodify', SHARE, usual / yardstick),
    atLeast('writing, --concurrency 8: rate to that of ldapmodify', SHARE, more / yardstick),
    atLeast('writing, by default: rate to that of one by one', 1, usual / oneByOne),
  ];
}
