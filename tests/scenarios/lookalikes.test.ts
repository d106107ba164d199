import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { directoryWriter } from '../../src/ldap/directory/writer.js';
import { type Connection, connect } from '../../src/ldap/protocol/connection.js';
import type { ApprovedEdit } from '../../src/model/change.js';
import { carryOut } from '../../src/remediation/run/carry-out.js';
import { openJournal } from '../../src/remediation/run/journal.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { planUndo } from '../../src/remediation/run/undo.js';
import { presync, readCells, readRecords, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type Stage, startStage } from '../servers/stage.js';

/** Pairs that some directory takes for one value, or for two. */
const PAIRS: Readonly<Record<string, readonly [string, string]>> = {
  case: ['SMTP:rep.eat@contoso.com', 'smtp:REP.EAT@CONTOSO.COM'],
  accents: ['smtp:muller@contoso.com', 'smtp:müller@contoso.com'],
  'accents and case': ['smtp:Müller@contoso.com', 'smtp:müller@contoso.com'],
  composition: ['smtp:m\u00fcller@contoso.com', 'smtp:mu\u0308ller@contoso.com'],
  width: ['smtp:anna@contoso.com', 'smtp:ａnna@contoso.com'],
  'a trailing blank': ['smtp:anna@contoso.com', 'smtp:anna@contoso.com '],
  'a leading blank': ['smtp:anna@contoso.com', ' smtp:anna@contoso.com'],
  'two blanks': ['smtp:an na@contoso.com', 'smtp:an  na@contoso.com'],
  'a no-break space': ['smtp:an na@contoso.com', 'smtp:an\u00a0na@contoso.com'],
  'the dot of an I': ['smtp:ian@contoso.com', 'smtp:İan@contoso.com'],
  'no dot on an i': ['smtp:ian@contoso.com', 'smtp:ıan@contoso.com'],
  'sharp s': ['smtp:strasse@contoso.com', 'smtp:straße@contoso.com'],
  'final sigma': ['smtp:νομοσ@contoso.com', 'smtp:νομος@contoso.com'],
};
const NEW = 'smtp:new@contoso.com';
const OTHER = 'smtp:other@contoso.com';

/** What to do to a pair that an attribute holds beside another value, and what must be left. */
const ACTIONS = [
  { name: 'first', edits: ([a]: readonly string[]) => [[a, undefined]], left: [1] },
  { name: 'second', edits: ([, b]: readonly string[]) => [[b, undefined]], left: [0] },
  { name: 'edit', edits: ([, b]: readonly string[]) => [[b, NEW]], left: [0], more: [NEW] },
  {
    name: 'both',
    edits: ([a, b]: readonly string[]) => [
      [a, undefined],
      [b, undefined],
    ],
    left: [],
  },
] as const;

interface Case {
  readonly dn: string;
  readonly attribute: string;
  readonly held: readonly string[];
  readonly rows: readonly ApprovedEdit[];
  readonly meant: readonly string[];
}

function casesOf(base: string, attributes: readonly string[]): readonly Case[] {
  let number = 0;
  return attributes.flatMap((attribute) =>
    Object.values(PAIRS).flatMap((pair) =>
      ACTIONS.map((action) => {
        number += 1;
        const dn = `cn=pair${number},${base}`;
        const entry = { dn, guid: undefined, kind: 'contact' } as const;
        const values = (value: string | undefined) => (value === undefined ? [] : [value]);
        const rows = action.edits(pair).map(([before, after], at) => ({
          ...{ row: number * 10 + at, id: `${number}-${at}` },
          edit: { entry, attribute, before: values(before), after: values(after) },
        }));
        const more = 'more' in action ? action.more : [];
        const meant = [...action.left.map((at) => pair[at] ?? ''), ...more, OTHER];
        return { dn, attribute, held: [...pair, OTHER], rows, meant };
      }),
    ),
  );
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const entryText = ({ dn, attribute, held }: Case) =>
  [
    `dn: ${dn}\nobjectClass: ${attribute === 'labeledURI' ? 'user' : 'contact'}\nsn: x`,
    ...held.map((value) => `${attribute}:: ${base64(value)}`),
    '',
  ].join('\n');

describe.each([
  // Multi-valued there, and repaired by a rule.
  ['samba', ['proxyAddresses', 'description']],
  // The last one by a caseExactMatch.
  ['slapd', ['proxyAddresses', 'description', 'labeledURI']],
] as const)('T1 on %s', (name, attributes) => {
  describeServer(name, 'values that a directory may take for one another', () => {
    const { path, remove } = scratch();
    let stage: Stage;
    let connection: Connection;

    beforeAll(async () => {
      stage = await startStage(name);
      writeFileSync(path('password'), stage.password);
      const { url, bindDn, password } = stage;
      const how = { allowPlaintext: true, insecure: true, startTls: false, timeoutMs: 60_000 };
      connection = await connect({ url, bindDn, password, ...how });
    }, 120_000);
    afterAll(async () => {
      await connection?.close();
      await stage?.stop();
      remove();
    }, 60_000);

    const stateOf = async (cases: readonly Case[]) => {
      const found: Record<string, readonly unknown[]> = {};
      for (const { dn, attribute } of cases) {
        const entry = await connection.read(dn, [attribute]);
        found[dn] = (entry?.values(attribute) ?? []).toSorted();
      }
      return found;
    };
    const sorted = (cases: readonly Case[], of: (one: Case) => readonly string[]) =>
      Object.fromEntries(cases.map((one) => [one.dn, of(one).toSorted()]));

    test('exactly what was meant goes, and undo restores the exact text of all', async () => {
      const ou = `OU=pairs,${stage.baseDn}`;
      await stage.add(`dn: ${ou}\nobjectClass: organizationalUnit\n\n`);
      const all = casesOf(ou, attributes);
      const cases: Case[] = [];
      // A caseIgnoreMatch holds no two values that are one to it: those pairs cannot come to be there.
      for (const one of all)
        await stage.add(`${entryText(one)}\n`).then(
          () => cases.push(one),
          () => {},
        );
      if (name === 'samba') expect(cases.length).toBe(all.length);
      expect(cases.length).toBeGreaterThan(50);
      const before = await stateOf(cases);
      expect(before).toEqual(sorted(cases, ({ held }) => held));
      const writer = directoryWriter(connection);
      const carry = async (command: 'apply' | 'undo', requests: Parameters<typeof carryOut>[0]) => {
        const file = path(`${command}.jsonl`);
        const journal = await openJournal(file, { command, target: 'x' }, () => new Date());
        const results = await carryOut(requests, writer, journal, { concurrency: 2 });
        await journal.close();
        return { results, content: readJournal(readFileSync(file)) };
      };
      const { requests, refused } = await prepare(
        cases.flatMap(({ rows }) => rows),
        writer,
        4,
      );
      expect(refused).toEqual([]);
      const { results, content } = await carry('apply', requests);
      const odd = results.rows.filter(({ state }) => state !== 'applied');
      expect([odd, results.stopped]).toEqual([[], undefined]);
      expect(await stateOf(cases)).toEqual(sorted(cases, ({ meant }) => meant));
      const plan = await planUndo(content, writer, 4);
      expect([plan.refused, plan.settled]).toEqual([[], []]);
      const back = await carry('undo', plan.requests);
      expect(back.results.counts['applied']).toBe(cases.flatMap(({ rows }) => rows).length);
      expect(await stateOf(cases)).toEqual(before);
      const again = await planUndo(content, writer, 4);
      expect([again.requests, again.refused]).toEqual([[], []]);
    }, 300_000);
  });
});

describeServer('samba', 'T1: an address that an entry holds twice, from scan to undo', () => {
  const { path, remove } = scratch();
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage('samba');
    writeFileSync(path('password'), stage.password);
    await stage.add(
      [
        `dn: OU=t1,${stage.baseDn}\nobjectClass: organizationalUnit\n`,
        `dn: CN=rep,OU=t1,${stage.baseDn}\nobjectClass: user\nsAMAccountName: rep\nsn: rep`,
        'userPrincipalName: rep.eat@contoso.com\nmail: rep.eat@contoso.com\ndisplayName: Rep',
        'proxyAddresses: SMTP:rep.eat@contoso.com\nproxyAddresses: smtp:REP.EAT@CONTOSO.COM\n\n',
      ].join('\n'),
    );
  }, 120_000);
  afterAll(async () => {
    await stage?.stop();
    remove();
  }, 60_000);

  const logon = () => [
    ...['--bind-dn', stage.bindDn, '--password-file', path('password')],
    ...['--allow-plaintext', '--insecure'],
  ];
  const addresses = async () => {
    const [entry] = await stage.search({ base: `CN=rep,OU=t1,${stage.baseDn}`, scope: 'base' });
    return (entry?.values('proxyAddresses') ?? []).toSorted();
  };
  const BOTH = ['SMTP:rep.eat@contoso.com', 'smtp:REP.EAT@CONTOSO.COM'];

  test('it is for review, stands in no LDIF, keeps the primary address, and comes back', async () => {
    const sheet = path('review.csv');
    await presync([
      ...['scan', stage.url, ...logon(), '--base', `OU=t1,${stage.baseDn}`, '--csv', sheet],
      ...['--ldif', path('safe.ldif'), '--jsonl', path('scan.jsonl')],
    ]);
    const rows = readCells(sheet);
    const row = rows.find(({ VALUE }) => VALUE === BOTH[1]);
    expect(row).toMatchObject({ PROPOSEDACTION: 'REMOVE', SAFETY: 'review' });
    expect(row?.['ID']).toMatch(/-lookalike$/);
    expect(row?.['MESSAGE']).toContain('apply writes the attribute as a whole, LDIF cannot');
    expect(readFileSync(path('safe.ldif'), 'utf8')).not.toContain('delete: proxyAddresses');
    const findings = readRecords(readFileSync(path('scan.jsonl'), 'utf8'));
    expect(findings.find(({ value }) => value === BOTH[1])).toMatchObject({ hasLookalike: true });

    writeCells(
      sheet,
      rows.map((one) => ({ ...one, ACTION: one === row ? 'REMOVE' : '' })),
    );
    const ldif = await presync(['ldif', sheet]);
    expect([ldif.code, ldif.out]).toEqual([3, '']);
    expect(ldif.err).toMatch(/Row \d+ refused: the directory may take another value/);
    const apply = ['apply', sheet, stage.url, ...logon()];
    expect((await presync([...apply, '--only', 'safe'])).out).toContain('0 entries to change');
    const journal = path('t1.jsonl');
    const { code, err } = await presync([...apply, '--confirm', '--journal', journal]);
    expect(err).toContain('replaced as a whole');
    expect([code, await addresses()]).toEqual([0, BOTH.slice(0, 1)]);
    expect(readFileSync(journal, 'utf8')).toContain(`"whole":${JSON.stringify(BOTH)}`);
    const undo = ['undo', journal, stage.url, ...logon(), '--confirm'];
    expect((await presync([...undo, '--journal', path('back.jsonl')])).code).toBe(0);
    expect(await addresses()).toEqual(BOTH);
  }, 120_000);
});

describe('T1: without a server', () => {
  const { path, remove } = scratch();
  afterAll(remove);
  const EXPORT = [
    'dn: CN=rep,DC=contoso,DC=com\nobjectClass: user\ncn: rep\ndisplayName: Rep\nsAMAccountName: rep',
    'userPrincipalName: rep.eat@contoso.com\nmail: rep.eat@contoso.com\nmailNickname: rep',
    'proxyAddresses: SMTP:rep.eat@contoso.com\nproxyAddresses: smtp:REP.EAT@CONTOSO.COM',
    // Not alike to any directory: its type is missing.
    'proxyAddresses: smtp:rep@contoso.com\nproxyAddresses: rep@contoso.com\n\n',
  ].join('\n');

  test('only the repetition that no directory takes for the other is safe', async () => {
    writeFileSync(path('export.ldif'), EXPORT);
    const [sheet, jsonl] = [path('sheet.csv'), path('scan.jsonl')];
    const reports = ['--csv', sheet, '--jsonl', jsonl, '--ldif', path('safe.ldif')];
    await presync(['scan', path('export.ldif'), ...reports]);
    const rows = readCells(sheet);
    expect(
      rows.map(({ VALUE, SAFETY, ID }) => [VALUE, SAFETY, ID?.endsWith('-lookalike')]),
    ).toEqual([
      ['rep@contoso.com', 'safe', false],
      ['smtp:REP.EAT@CONTOSO.COM', 'review', true],
    ]);
    expect(readFileSync(path('safe.ldif'), 'utf8')).not.toContain('REP.EAT');
    // The page makes the same sheet of the JSON lines: the rows are those of the scan.
    const ids = readRecords(readFileSync(jsonl, 'utf8'));
    expect(ids.filter(({ hasLookalike }) => hasLookalike)).toHaveLength(1);
  });

  test.each([
    ['by the mark of its scan', ['abc-lookalike'], ['smtp:A@x.com'], 1],
    ['by the mark of an incomplete scan', ['abc-lookalike-incomplete'], ['smtp:A@x.com'], 1],
    ['by another row', ['a', 'b'], ['smtp:á@x.com', 'SMTP:A@x.com'], 2],
    ['not by itself', ['a', 'b'], ['smtp:a@x.com', 'smtp:b@x.com'], 0],
  ])('a row is kept out of LDIF %s', async (_, ids, values, refused) => {
    const sheet = path('marked.csv');
    writeCells(
      sheet,
      values.map((value, at) => ({
        ...{ DISTINGUISHEDNAME: 'CN=rep,DC=contoso,DC=com', ATTRIBUTE: 'proxyAddresses' },
        ...{ VALUE: value, UPDATE: '', ACTION: 'REMOVE', ID: ids[at] ?? '' },
      })),
    );
    const { code, out, err } = await presync(['ldif', sheet, '--accept-foreign-rows']);
    expect([code, err.match(/use presync apply/g)?.length ?? 0]).toEqual([
      refused > 0 ? 3 : 0,
      refused,
    ]);
    expect(out.includes('delete: proxyAddresses')).toBe(refused === 0);
  });
});
