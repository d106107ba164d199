import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { type SlapdServer, startSlapd } from '../tests/servers/slapd.js';
import { type Command, inTurn, measure, middle, presync, type Reading } from './measure.js';
import { people } from './people.js';
import { contest, ratio, type Scale, type Section, type Target, thousands } from './report.js';
import { SUFFIX, slapdEntries } from './slapd.js';

const CONCURRENCIES = [1, 4, 8];
/** Of the rate of ldapmodify. */
const SHARE = 0.8;
/** A domain that nobody has an address in. */
const NEW = 'contoso.fr';

/** Applying a sheet beside ldapmodify with the same change records, each on a new copy of the directory. */
export async function apply({ rounds, quick }: Scale, folder: string): Promise<Section> {
  const edits = quick ? 500 : 5_000;
  const sheet = join(folder, 'apply.csv');
  const records = join(folder, 'changes.ldif');
  writeFileSync(sheet, sheetOf(edits));
  await measure(presync('ldif', sheet, '--out', records));
  const entries = slapdEntries(edits);
  const attempt = (command: (server: SlapdServer) => Command) => () =>
    onCopy(entries, edits, command);
  const password = join(folder, 'password');
  const readings = await inTurn(
    rounds,
    ...CONCURRENCIES.map((concurrency) =>
      attempt(({ url, bindDn }) => {
        const journal = join(folder, 'journal.jsonl');
        rmSync(journal, { force: true });
        return presync(
          ...['apply', sheet, url, '--bind-dn', bindDn, '--password-file', password],
          ...['--allow-plaintext', '--confirm', '--journal', journal],
          ...['--max-changes', String(edits), '--concurrency', String(concurrency)],
        );
      }),
    ),
    attempt(({ url, bindDn }) => ({
      program: 'ldapmodify',
      args: ['-x', '-H', url, '-D', bindDn, '-y', password, '-f', records],
    })),
  );
  const names = CONCURRENCIES.map((one) => `presync apply --concurrency ${one}`);
  const body = `${thousands(edits)} edits of as many entries on slapd, which flushes each change to disk.

${contest([...names, '`ldapmodify` with the same change records'], readings)}`;
  return { body, targets: targetsOf(readings) };

  async function onCopy(
    entries: string,
    edits: number,
    command: (server: SlapdServer) => Command,
  ): Promise<Reading> {
    const server = await startSlapd({ suffix: SUFFIX, entries, tls: false, durable: true });
    try {
      writeFileSync(password, server.password);
      const reading = await measure(command(server));
      const changed = await server.search({
        filter: `(proxyAddresses=*@${NEW})`,
        attributes: ['cn'],
      });
      if (changed.length !== edits) throw new Error(`${changed.length} of ${edits} were changed`);
      return reading;
    } finally {
      await server.stop();
    }
  }
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

function targetsOf(readings: readonly (readonly Reading[])[]): readonly Target[] {
  const yardstick = middle(readings.at(-1));
  return CONCURRENCIES.map((concurrency, at) => {
    const share = yardstick / middle(readings[at]);
    const what = `--concurrency ${concurrency}: rate to that of ldapmodify`;
    return { what, wanted: `≥ ${SHARE}`, measured: ratio(share), reached: share >= SHARE };
  });
}
