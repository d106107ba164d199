import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { ExpectedError } from '../../src/errors.js';
import { readBaseline } from '../../src/export/jsonl/read-baseline.js';
import { readScan } from '../../src/export/jsonl/read-review.js';
import { findingLine, proposalLine, scanLine, summaryLine } from '../../src/export/jsonl/write.js';
import { sheetHeader, sheetLines } from '../../src/export/sheet/csv.js';
import { sheetRows } from '../../src/export/sheet/rows.js';
import { judgeEdits } from '../../src/jobs/judge-edits.js';
import { select } from '../../src/jobs/selection.js';
import { decisionsIn } from '../../src/jobs/sheet-decisions.js';
import { directorySource } from '../../src/ldap/directory/source.js';
import { memoryDirectory } from '../../src/ldap/offline/memory-directory.js';
import { snapshotSource } from '../../src/ldap/offline/snapshot.js';
import { connect } from '../../src/ldap/protocol/connection.js';
import { lastingConnection } from '../../src/ldap/protocol/lasting-connection.js';
import type { Entry } from '../../src/model/entry.js';
import type { ScanResult } from '../../src/model/scan.js';
import { findingId } from '../../src/remediation/plan/value-id.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import { scan } from '../../src/scan/scan.js';
import { parseConfig } from '../../src/settings/config-file.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { generate, memorySource } from '../generator.js';
import { startFaultyServer } from '../servers/faulty.js';
import { mutated, mutatedTable, type Random } from './mutate.js';

/** What came of a mutated input: refused with words for a person, or taken. */
export type Fate = 'refused' | 'incomplete' | 'taken';

/** Feeds one mutated input; throws where it is not told for what it is. */
export type Target = (random: Random) => Promise<Fate>;

const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });

/** Refusals are foreseen; anything else is a fault of presync. */
async function fateOf(act: () => Promise<Fate>): Promise<Fate> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ExpectedError) return 'refused';
    throw error;
  }
}

/** A scan that says that it is complete has read everyone. */
function judgedBy({ summary }: ScanResult, entries: number): Fate {
  if (!summary.complete) return 'incomplete';
  if (summary.entries < entries)
    throw new Error(`a silent gap: ${summary.entries} of ${entries} entries, called complete`);
  return 'taken';
}

const PEOPLE = 12;

/** Answers of a server to a paged search, one message of them mutated. */
export const ldapAnswers: Target = async (random) => {
  let left = 1 + random(PEOPLE + 4);
  const server = await startFaultyServer({
    form: random(2) === 0 ? 'as Windows' : 'short',
    entries: PEOPLE,
    rootDse: { supportedCapabilities: [] },
    says: (message, request) => {
      if (request.op !== 'search') return message;
      left -= 1;
      if (left !== 0) return message;
      const faulty = mutated(message, random);
      // A message that is lost whole leaves no trace in an answer: nothing counts the entries.
      return faulty.length === 0 ? message : faulty;
    },
  });
  try {
    return await fateOf(async () => {
      const open = () =>
        connect({
          ...{ url: server.url, startTls: false, insecure: false, allowPlaintext: false },
          timeoutMs: 400,
        });
      const connection = await lastingConnection(open, { pauses: [], sleep: async () => false });
      try {
        const options = { bases: [server.baseDn], pageSize: 5, covered: [] };
        return judgedBy(await scan([directorySource(connection, options)], { settings }), PEOPLE);
      } finally {
        await connection.close();
      }
    });
  } finally {
    await server.stop();
  }
};

const person = (n: number) =>
  `dn: CN=user${n},DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: user${n}\nuserPrincipalName: user${n}@contoso.local\nproxyAddresses: SMTP:user${n}@contoso.com\n\n`;
const EXPORT = Buffer.from(
  `# extended LDIF\n#\n# LDAPv3\n\n${Array.from({ length: PEOPLE }, (_, n) => person(n)).join('')}# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: ${PEOPLE + 1}\n# numEntries: ${PEOPLE}\n`,
);

/** An export of ldapsearch that was damaged on its way. */
export const exports: Target = (random) =>
  fateOf(async () => {
    const bytes = mutated(EXPORT, random);
    const source = snapshotSource('x.ldif', () => chunked(bytes), { bases: [] });
    return judgedBy(await scan([source], { settings }), PEOPLE);
  });

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

interface Company {
  readonly entries: readonly Entry[];
  readonly result: ScanResult;
  readonly sheet: string;
  readonly report: string;
}

let company: Promise<Company> | undefined;

/** A small company, scanned: its sheet with everything accepted, and its report. */
function companyOnce(): Promise<Company> {
  company ??= (async () => {
    const { entries } = generate(7, 60, 2);
    const result = await scan([memorySource(entries)], { settings });
    const rows = [...sheetRows(result.findings, result.proposals, findingId, true)];
    const marked = rows.map((row) => ({ ...row, action: row.proposedAction }));
    const lines = [
      scanLine(result.header),
      ...result.findings.map(findingLine),
      ...result.proposals.map(proposalLine),
      summaryLine(result),
    ];
    return {
      entries,
      result,
      sheet: sheetHeader() + [...sheetLines(marked)].join(''),
      report: lines.join(''),
    };
  })();
  return company;
}

/** A review sheet that a spreadsheet, a hand or a line damaged: what is safe stays what the scan proposed. */
export const sheets: Target = (random) =>
  fateOf(async () => {
    const { entries, result, sheet } = await companyOnce();
    const bytes = random(2) === 0 ? mutated(Buffer.from(sheet), random) : tableOf(sheet, random);
    const decisions = decisionsIn(bytes, { acceptForeign: false });
    const { rows, doubted } = decisions;
    const judgement = { settings, rows, doubted, insists: () => false };
    const memory = memoryDirectory(entries);
    const target = { ...memory, count: async () => 1, find: async () => [], close: async () => {} };
    await judgeEdits(decisions.approved, judgement, target);
    const proposed = new Map(
      result.proposals.map(({ id, edit, safety }) => [id, { edit, safety }]),
    );
    const safe = select(decisions, { only: ['safe'] }).approved;
    const { requests } = await prepare(safe, memory, 4);
    for (const { edits } of requests)
      for (const { id, edit } of edits) {
        const own = proposed.get(id);
        const isOwn = own?.safety === 'safe' && String(own.edit.after) === String(edit.after);
        if (!isOwn) throw new Error(`written as safe: ${edit.attribute} ${edit.after}`);
      }
    return decisions.refused.length > 0 ? 'refused' : 'taken';
  });

function tableOf(sheet: string, random: Random): Buffer {
  const rows = parse(sheet, { bom: true, relax_column_count: true }) as string[][];
  const table = mutatedTable(rows, random).map((row) => [...row]);
  return Buffer.from(`\uFEFF${stringify(table, { record_delimiter: '\r\n' })}`);
}

/** A report in JSON lines that was damaged: refused by its line, or read as a baseline and for a review alike. */
export const reports: Target = (random) =>
  fateOf(async () => {
    const { report } = await companyOnce();
    const bytes = mutated(Buffer.from(report), random);
    const baseline = fateOf(async () => {
      await readBaseline('x.jsonl', chunked(bytes));
      return 'taken';
    });
    const review = fateOf(async () => {
      await readScan('x.jsonl', chunked(bytes));
      return 'taken';
    });
    const [one, other] = [await baseline, await review];
    if (one !== other) throw new Error(`a baseline is ${one}, a review ${other}`);
    return one;
  });

const CONFIG = Buffer.from(
  '{"sources":["a.ldif"],"profile":"default","suffixMap":{"contoso.local":"contoso.com"},"verifiedDomains":["contoso.com"],"memberLimit":5,"keep":["primary"],"suppressions":[{"rule":"blank-value","reason":"x"}]}',
);

/** A configuration file that was damaged: told what is wrong, or taken for what it says. */
export const configurations: Target = async (random) =>
  'problems' in parseConfig(mutated(CONFIG, random).toString('utf8')) ? 'refused' : 'taken';
