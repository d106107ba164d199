import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDENTITY_ATTRIBUTES } from '../src/ldap/format/values.js';
import { settingsFrom } from '../src/settings/settings.js';
import { createEngine } from '../src/validators/engine/engine.js';
import { profileFor } from '../src/validators/profiles/index.js';
import { type Command, inTurn, measure, middle, presync, type Reading } from './measure.js';
import { contest, ratio, type Section, thousands } from './report.js';

const FILES = ['password', 'review.csv', 'scan.jsonl', 'fetched.ldif'];

/** A directory to scan. */
export interface Directory {
  readonly url: string;
  readonly base: string;
  readonly bindDn: string;
  readonly password: string;
  /** The filter that presync uses on such a server. */
  readonly filter: string;
  readonly flags: readonly string[];
  /** What tells entries apart there, beside what presync asks of every server. */
  readonly identity: readonly string[];
  /** Users in it, as made. */
  readonly users: number;
}

/** What presync asks of a directory. */
function wantedAttributes({ identity }: Directory): readonly string[] {
  const settings = settingsFrom();
  const { attributes } = createEngine(profileFor(settings), settings);
  const asked = attributes.filter((name) => !/^(member|presync-|thumbnailPhoto)/.test(name));
  return [...new Set([...asked, ...IDENTITY_ATTRIBUTES, ...identity])];
}

/** Scans a directory beside ldapsearch that fetches the same, and checks that both saw the same entries. */
export async function compareScans(
  directory: Directory,
  folder: string,
  rounds: number,
  limit: number,
): Promise<Section> {
  const [passwordFile = '', sheet = '', lines = '', fetched = ''] = FILES.map((name) =>
    join(folder, name),
  );
  writeFileSync(passwordFile, directory.password, { mode: 0o600 });
  const scan = presync(
    ...['scan', directory.url, '--bind-dn', directory.bindDn],
    ...['--password-file', passwordFile, ...directory.flags],
    ...['--csv', sheet, '--jsonl', lines, '--fail-on', 'never'],
  );
  const search = ldapsearch(directory, passwordFile, fetched);
  const readings = await inTurn(
    rounds,
    () => {
      // Over an old sheet a scan first looks for decisions in it.
      rmSync(sheet, { force: true });
      return measure(scan);
    },
    () => measure(search),
  );
  const { entries, findings } = summaryOf(lines);
  const found = readFileSync(fetched, 'utf8').match(/^dn:/gm)?.length ?? 0;
  if (entries !== found || found < directory.users)
    throw new Error(`${directory.url}: presync saw ${entries} entries, ldapsearch ${found}`);
  const [own, yardstick] = readings as [Reading[], Reading[]];
  const measured = middle(own) / middle(yardstick);
  const body = `${thousands(found)} entries, ${thousands(findings)} findings, review sheet and JSON lines written.

${contest(['presync scan', '`ldapsearch -E pr=1000/noprompt`, same filter and attributes'], readings)}`;
  const what = 'wall time to that of ldapsearch';
  const target = {
    what,
    wanted: `≤ ${limit}`,
    measured: ratio(measured),
    reached: measured <= limit,
  };
  return { body, targets: [target] };
}

function ldapsearch(directory: Directory, passwordFile: string, out: string): Command {
  const login = ['-x', '-H', directory.url, '-D', directory.bindDn, '-y', passwordFile];
  const what = ['-b', directory.base, directory.filter, ...wantedAttributes(directory)];
  return {
    program: 'ldapsearch',
    args: [...login, '-LLL', '-E', 'pr=1000/noprompt', ...what],
    out,
  };
}

/** What the last line of the machine report counts. */
export function summaryOf(lines: string): { readonly entries: number; readonly findings: number } {
  const last = readFileSync(lines, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  const { entries, findings } = JSON.parse(last) as {
    entries: number;
    findings: Record<string, number>;
  };
  return { entries, findings: Object.values(findings).reduce((sum, count) => sum + count, 0) };
}
