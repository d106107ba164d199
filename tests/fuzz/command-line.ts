import { readFileSync, writeFileSync } from 'node:fs';
import { presync, type Run, readCells, scratch, writeCells } from '../presync.js';
import { type FaultyServer, startFaultyServer } from '../servers/faulty.js';
import { damaged, type Random } from './mutate.js';
import { damagedSheet } from './sheets.js';
import { type Fate, once, type Target } from './target.js';

const PEOPLE = 8;
const SUFFIX = ['--map-suffix', 'contoso.local=contoso.com'];

const addressOf = (index: number, suffix: string) => `user000${index}@contoso.${suffix}`;

function serverOf(suffix: 'local' | 'com'): Promise<FaultyServer> {
  return startFaultyServer({
    entries: PEOPLE,
    attributes: (index) => ({
      userPrincipalName: [addressOf(index, suffix)],
      mail: [addressOf(index, suffix)],
      proxyAddresses: [`SMTP:${addressOf(index, suffix)}`],
    }),
  });
}

/** The files of a scan and of the run that applied all of it, and a folder for damaged ones. */
const files = once(async () => {
  const { path, remove } = scratch();
  process.once('exit', remove);
  const server = await serverOf('local');
  const reports = ['--csv', path('sheet.csv'), '--jsonl', path('report.jsonl')];
  await presync(['scan', server.url, ...SUFFIX, ...reports]);
  const rows = readCells(path('sheet.csv'));
  writeCells(
    path('sheet.csv'),
    rows.map((row) => ({ ...row, ACTION: row['PROPOSEDACTION'] ?? '' })),
  );
  const run = ['apply', path('sheet.csv'), server.url, '--confirm'];
  const { code, err } = await presync([...run, '--journal', path('run.jsonl')]);
  if (code !== 0 || rows.length === 0) throw new Error(`${rows.length} rows: ${err}`);
  await server.stop();
  const config = JSON.stringify({ sources: [server.url], baseline: 'report.jsonl' });
  writeFileSync(path('presync.config.json'), config);
  const text = (name: string) => readFileSync(path(name), 'utf8');
  let made = 0;
  const put = (kind: string, bytes: Uint8Array) => {
    const file = path(`${++made}.${kind}`);
    writeFileSync(file, bytes);
    return file;
  };
  return { path, text, put };
});

/** A run of the command line on a file that was damaged, against a server that holds these people. */
interface Case {
  readonly holds: 'local' | 'com';
  readonly args: (url: string) => readonly string[];
  /** What everybody holds where it says that all was done, and nothing about the file. */
  readonly leaves?: 'local' | 'com';
}

async function caseOf(random: Random): Promise<Case> {
  const { path, text, put } = await files();
  const write = ['--confirm', '--journal', `${put('journal', Buffer.of())}.jsonl`];
  switch (random(5)) {
    case 0: {
      const sheet = put('csv', damagedSheet(text('sheet.csv'), random));
      const only = random(2) === 0 ? ['--only', 'safe'] : [];
      return { holds: 'local', args: (url) => ['apply', sheet, url, ...only, ...write] };
    }
    case 1: {
      const journal = put('jsonl', damaged(text('run.jsonl'), random));
      return { holds: 'com', leaves: 'local', args: (url) => ['undo', journal, url, ...write] };
    }
    case 2: {
      const journal = put('jsonl', damaged(text('run.jsonl'), random));
      const resume = ['--resume', journal, ...write];
      return {
        ...{ holds: 'com', leaves: 'com' },
        args: (url) => ['apply', path('sheet.csv'), url, ...resume],
      };
    }
    case 3: {
      const report = put('jsonl', damaged(text('report.jsonl'), random));
      return { holds: 'local', args: (url) => ['scan', url, ...SUFFIX, '--baseline', report] };
    }
    default: {
      const config = put('json', damaged(text('presync.config.json'), random));
      return { holds: 'local', args: (url) => ['scan', url, '--config', config] };
    }
  }
}

/**
 * Files that were damaged, given to presync as a person does: it ends with one of its exit codes, shows no stack, and
 * leaves everybody with what the sheet of the scan gives or takes, and nothing else.
 */
export const commandLines: Target = async (random) => {
  const { holds, leaves, args } = await caseOf(random);
  const server = await serverOf(holds);
  try {
    const run = await presync(args(server.url));
    checkEnd(run);
    const isEdited = run.out.includes('not as the scan proposed');
    const isWhole = run.code === 0 && !run.out.includes('without its last line');
    const may = isWhole && leaves ? [leaves] : (['local', 'com'] as const);
    for (let index = 0; index < PEOPLE && !isEdited; index += 1) checkPerson(server, index, may);
    return fateOf(run);
  } finally {
    await server.stop();
  }
};

function checkEnd({ code, out, err }: Run): void {
  const isStack = /^ +at .*:\d+/m.test(out + err) || /unexpected failure/i.test(err);
  if (code === null || code > 3 || isStack) throw new Error(`exit code ${code}\n${out}${err}`);
}

function checkPerson(server: FaultyServer, index: number, may: readonly string[]): void {
  for (const [attribute, prefix] of [
    ['userPrincipalName', ''],
    ['mail', ''],
    ['proxyAddresses', 'SMTP:'],
  ] as const) {
    const held = server.values(index, attribute);
    const known = may.map((suffix) => prefix + addressOf(index, suffix));
    if (held.length !== 1 || !known.includes(held[0] ?? ''))
      throw new Error(`written: ${attribute} ${held}`);
  }
}

function fateOf({ code, err }: Run): Fate {
  if (code === 2) return 'refused';
  return code === 3 || err !== '' ? 'told' : 'taken';
}
