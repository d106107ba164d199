import { directorySource } from '../../src/ldap/directory/source.js';
import { snapshotSource } from '../../src/ldap/offline/snapshot.js';
import { connect } from '../../src/ldap/protocol/connection.js';
import { lastingConnection } from '../../src/ldap/protocol/lasting-connection.js';
import type { ScanResult } from '../../src/model/scan.js';
import { scan } from '../../src/scan/scan.js';
import { startFaultyServer } from '../servers/faulty.js';
import { oneFault } from './faults.js';
import { damaged, pick, type Random } from './mutate.js';
import { chunked, type Fate, fateOf, settings, type Target } from './target.js';

const PEOPLE = 12;

/** A scan that says that it is complete has read everyone, and says of whom it did not judge. */
function judgedBy({ summary }: ScanResult): Fate {
  if (!summary.complete) return 'told';
  if (summary.entries < PEOPLE)
    throw new Error(`a silent gap: ${summary.entries} of ${PEOPLE} entries, called complete`);
  return Object.keys(summary.skipped).length > 0 ? 'told' : 'taken';
}

/** Answers of a server to a paged search, one of them, or the one to the logon, damaged, lost in its middle or late. */
export const ldapAnswers: Target = async (random) => {
  const server = await startFaultyServer({
    entries: PEOPLE,
    rootDse: random(2) === 0 ? { supportedCapabilities: [] } : {},
    form: random(2) === 0 ? 'as Windows' : 'short',
    ...oneFault(random, PEOPLE + 8),
  });
  // Some have the patience to try again: then all of it comes in the end, or is told of.
  const pauses = random(3) === 0 ? [1, 1] : [];
  try {
    return await fateOf(async () => {
      const open = () =>
        connect({
          ...{ url: server.url, startTls: false, insecure: false, allowPlaintext: true },
          ...(random(2) === 0 ? { bindDn: 'cn=x', password: 'x' } : {}),
          timeoutMs: 300,
        });
      const connection = await lastingConnection(open, { pauses, sleep: async () => true });
      try {
        const options = { bases: [server.baseDn], pageSize: 5, covered: [] };
        return judgedBy(await scan([directorySource(connection, options)], { settings }));
      } finally {
        await connection.close();
      }
    });
  } finally {
    await server.stop();
  }
};

const person = (n: number, end: string) =>
  [
    `dn: CN=user${n},DC=contoso,DC=com`,
    'objectClass: user',
    `sAMAccountName: user${n}`,
    `userPrincipalName: user${n}@contoso.local`,
    // Folded, and in base64.
    `description: a text that is so long that it goes on in`,
    '  the next line',
    `displayName:: ${Buffer.from(`Jürgen ${n}`).toString('base64')}`,
    `proxyAddresses: SMTP:user${n}@contoso.com`,
    '',
    '',
  ].join(end);
const people = (end = '\n') => Array.from({ length: PEOPLE }, (_, n) => person(n, end)).join('');

/** What ldapsearch and ldbsearch write: both say at the end how many there were. */
const EXPORTS = [
  `# extended LDIF\n#\n# LDAPv3\n\n${people()}# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: ${PEOPLE + 1}\n# numEntries: ${PEOPLE}\n`,
  `${people().replaceAll(/^dn: CN=user(\d+)/gm, (dn, n) => `# record ${Number(n) + 1}\n${dn}`)}# returned ${PEOPLE} records\n# ${PEOPLE} entries\n# 0 referrals\n`,
] as const;

/** An export that was damaged on its way, or saved by an editor. */
export const exports: Target = (random) =>
  fateOf(async () => {
    const whole = pick(EXPORTS, random);
    const bytes = random(4) === 0 ? reordered(whole, random) : damaged(whole, random);
    const open = () => chunked(bytes, random(bytes.length + 1));
    return judgedBy(await scan([snapshotSource('x.ldif', open, { bases: [] })], { settings }));
  });

/**
 * An export of which whole records are lost, or else doubled or moved. Not both: a record that stands in the place of
 * another one leaves the count as it was.
 */
function reordered(whole: string, random: Random): Buffer {
  let records: readonly string[] = whole.split('\n\n');
  const areLost = random(2) === 0;
  for (let faults = 1 + random(2); faults > 0; faults -= 1) {
    const [at, to] = [random(records.length), random(records.length)];
    const one = records[at] ?? '';
    const others = areLost || random(2) === 0 ? records.toSpliced(at, 1) : records;
    records = areLost ? others : others.toSpliced(to, 0, one);
  }
  return Buffer.from(records.join('\n\n'));
}
