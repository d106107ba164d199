import { directorySource } from '../../src/ldap/directory/source.js';
import { snapshotSource } from '../../src/ldap/offline/snapshot.js';
import { connect } from '../../src/ldap/protocol/connection.js';
import { lastingConnection } from '../../src/ldap/protocol/lasting-connection.js';
import type { ScanResult } from '../../src/model/scan.js';
import { scan } from '../../src/scan/scan.js';
import { elementsOf, rewrite } from '../servers/elements.js';
import { type Behaviour, startFaultyServer } from '../servers/faulty.js';
import { mutated, mutatedLines, pick, type Random, savedAnew } from './mutate.js';
import { chunked, type Fate, fateOf, settings, type Target } from './target.js';

const PEOPLE = 12;

/** A scan that says that it is complete has read everyone, and says of whom it did not judge. */
function judgedBy({ summary }: ScanResult): Fate {
  if (!summary.complete) return 'told';
  if (summary.entries < PEOPLE)
    throw new Error(`a silent gap: ${summary.entries} of ${PEOPLE} entries, called complete`);
  return Object.keys(summary.skipped).length > 0 ? 'told' : 'taken';
}

/** What becomes of the messages of a server. */
type Says = NonNullable<Behaviour['says']>;

/** Answers of a server to a paged search, one of them, or the one to the logon, damaged, lost in its middle or late. */
export const ldapAnswers: Target = async (random) => {
  const server = await startFaultyServer({
    entries: PEOPLE,
    rootDse: random(2) === 0 ? { supportedCapabilities: [] } : {},
    form: random(2) === 0 ? 'as Windows' : 'short',
    ...oneFault(random),
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

/** Damages one message, in one of several ways; the connection may end behind it. */
function oneFault(random: Random): Partial<Behaviour> {
  let left = 1 + random(PEOPLE + 8);
  let held: Buffer | undefined;
  let isOver = false;
  const way = pick([garbled, garbled, cut, renumbered, renamed, uncontrolled, twice], random);
  const isLate = random(8) === 0;
  const says: Says = (said) => {
    left -= 1;
    if (held) {
      const late = held;
      held = undefined;
      return [said, late];
    }
    if (left !== 0) return said;
    if (isLate) {
      held = said;
      return [];
    }
    const faulty = way(said, random);
    isOver = way === cut;
    // A message that is lost whole leaves no trace in an answer: nothing counts the entries.
    return faulty.length === 0 ? said : faulty;
  };
  return { says, endsNow: () => isOver };
}

const garbled = mutated;
const cut = (message: Buffer, random: Random) => message.subarray(0, 1 + random(message.length));
const twice = (message: Buffer) => Buffer.concat([message, message]);
/** The message says that it is an answer to something else. */
const renumbered = (message: Buffer, random: Random) =>
  rewrite(message, ([, ...rest]) => [{ tag: 0x02, content: Buffer.from([random(128)]) }, ...rest]);

const OPERATIONS = [0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78, 0x79] as const;

/** It is the answer to another operation. */
const renamed = (message: Buffer, random: Random) =>
  rewrite(message, ([id, operation, ...rest]) => [
    id,
    operation && { ...operation, tag: pick(OPERATIONS, random) },
    ...rest,
  ]);

/** Its controls are lost, come twice, or are damaged. */
function uncontrolled(message: Buffer, random: Random): Buffer {
  const [whole] = elementsOf(message);
  if (elementsOf(whole?.content ?? Buffer.alloc(0)).length < 3) return garbled(message, random);
  return rewrite(message, ([id, operation, controls]) => [
    id,
    operation,
    ...pick(
      [
        () => [],
        () => [controls, controls],
        () => [controls && { ...controls, content: mutated(controls.content, random) }],
      ],
      random,
    )(),
  ]);
}

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
    const bytes = damaged(whole, random);
    const open = () => chunked(bytes, random(bytes.length + 1));
    return judgedBy(await scan([snapshotSource('x.ldif', open, { bases: [] })], { settings }));
  });

function damaged(whole: string, random: Random): Buffer {
  switch (random(5)) {
    case 0:
      return Buffer.from(mutatedLines(whole, random));
    case 1:
      return savedAnew(whole, random);
    default:
      return mutated(Buffer.from(whole), random);
  }
}
