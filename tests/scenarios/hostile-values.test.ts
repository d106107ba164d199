import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import { findingLine, proposalLine } from '../../src/export/jsonl/write.js';
import { changeRecords } from '../../src/export/ldif.js';
import { sheetHeader, sheetLine } from '../../src/export/sheet/csv.js';
import { readSheet } from '../../src/export/sheet/read-sheet.js';
import { formatAttribute, type LdifRecord, readLdif } from '../../src/ldap/format/ldif.js';
import { encodeValue } from '../../src/ldap/format/values.js';
import type { Edit, SheetRow } from '../../src/model/change.js';
import type { Value } from '../../src/model/entry.js';
import { approve } from '../../src/remediation/plan/approve.js';
import { openJournal } from '../../src/remediation/run/journal.js';
import { readJournal } from '../../src/remediation/run/read-journal.js';
import { BY_HAND, presync, scratch } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

/** One value of each kind that could act on a program on its way, by what it attacks. */
const HOSTILE: Readonly<Record<string, Value>> = {
  formula: '=cmd|\' /C calc\'!A0&HYPERLINK("http://evil.example","x")',
  'formula after a separator': 'a;=1+1',
  'formula in full width': '＝1＋1',
  'guarded formula': "''=1",
  'line break': 'first\nsecond',
  'Windows line break': 'first\r\nsecond\r',
  'Unicode line break': 'first\u2028second\u2029third\u0085',
  'row of a sheet': '"\r\nCN=victim,x,user,mail,Format,a,evil@x,EDIT,EDIT\r\n"',
  'LDIF change': 'x\n-\n\ndn: CN=victim,DC=x\nchangetype: delete\n\n',
  'LDIF attribute': 'x\nuserPassword: evil',
  'LDIF continuation': 'x\n y',
  'LDIF URL': '< file:///etc/passwd',
  'LDIF base64': ': eA==',
  'LDIF comment': '# x',
  'JSON text': '"}\n{"type":"summary","complete":true}\n',
  'quotation marks': '"joe \'x\' ""y"""@contoso.com',
  backslashes: '\\u000A\\n\\\\',
  'our own marks': '{escaped}{base64}eA==',
  'bidi controls': 'a\u202egpj.exe\u2066b\u2069\u200f',
  'zero width': 'a\u200bb\u2060c\ufeff',
  'tag characters': 'x\u{e0041}\u{e007f}',
  noncharacters: '\ufffe\uffff\u{10ffff}',
  'terminal colours': '\u001b[31mred\u001b]0;title\u0007\u009b2J',
  'other controls': '\u0001\u0008\u000b\u000c\u007f\t',
  NUL: 'a\0b\0',
  spaces: '  x  ',
  'one space': ' ',
  number: '00123',
  letters: 'Zoë 😀 日本語 עברית e\u0301',
  '100 kB of text': 'x'.repeat(100_000),
  '100 kB of accents': 'é'.repeat(50_000),
  '100 kB of quotation marks': '"'.repeat(100_000),
  '100 kB of lines': 'x\n'.repeat(50_000),
  '100 kB of NUL': '\0'.repeat(100_000),
  bytes: Buffer.from('ff00fe0a0d22c3', 'hex'),
  '100 kB of bytes': Buffer.alloc(100_000, 0xfa),
};
const NAMES = Object.keys(HOSTILE);
const hostile = (name: string): Value => HOSTILE[name] ?? '';
const hex = (value: Value | undefined) =>
  value === undefined ? undefined : Buffer.from(encodeValue(value)).toString('hex');

const SUFFIX = 'dc=contoso,dc=local';
/** On slapd the one usual attribute that takes any bytes and deletes them by value. */
const ATTRIBUTE = 'userPassword';
const dnOf = (name: string) => `cn=${name},${SUFFIX}`;
const editOf = (name: string, before: readonly Value[], after: readonly Value[]): Edit => ({
  entry: { dn: dnOf(name), guid: undefined, kind: 'user' },
  ...{ attribute: ATTRIBUTE, before, after },
});

/** What must never reach a terminal: control and format characters, and separators but the line feed. */
const ACTIVE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const files = scratch();
afterAll(() => files.remove());

describe('a hostile value comes back to the byte', () => {
  const rowOf = (value: Value, more: Partial<SheetRow>): SheetRow => ({
    ...{ dn: 'CN=x,DC=y', commonName: 'x', objectClass: 'user', attribute: 'mail', errors: '' },
    ...{ value, update: 'harmless', proposedAction: '', action: '', severity: '', safety: '' },
    ...{ rules: '', message: '', related: '', guid: undefined, id: 'id', seal: '', ...more },
  });

  test.each(NAMES)('from the sheet: %s', (name) => {
    const value = hostile(name);
    const rows = [
      rowOf(value, { update: value }),
      rowOf(value, { action: 'REMOVE', dn: 'CN=x' }),
      rowOf(value, { action: 'EDIT', dn: 'CN=z' }),
    ];
    const sheet = readSheet(Buffer.from([sheetHeader(), ...rows.map(sheetLine)].join('')));
    expect(sheet.refused).toEqual([]);
    expect(sheet.rows.map(({ sheetRow }) => [hex(sheetRow.value), hex(sheetRow.update)])).toEqual([
      [hex(value), hex(value)],
      [hex(value), hex('harmless')],
      [hex(value), hex('harmless')],
    ]);
    const { approved, refused } = approve(sheet.rows);
    expect(refused).toEqual([]);
    expect(approved.map(({ edit }) => [edit.before.map(hex), edit.after.map(hex)])).toEqual([
      [[hex(value)], []],
      [[hex(value)], [hex('harmless')]],
    ]);
  });

  test.each(NAMES)('from LDIF, which has no line more: %s', async (name) => {
    const value = hostile(name);
    const [record = '', ...rest] = changeRecords([editOf('x', [value], ['harmless', value])]);
    expect(rest).toEqual([]);
    const lines = record.replace(/\n /g, '').split('\n');
    expect(record).not.toMatch(/(?!\n)[^ -~]/);
    expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual([
      ...['dn', 'changetype', 'delete', ATTRIBUTE, '-', 'add', ATTRIBUTE, ATTRIBUTE, '-', '', ''],
    ]);
    // The reader takes entries, not changes.
    const entry = record.replace(/\nchangetype[^-]*-/, '').replace(/\nadd:.*|\n-/g, '');
    const read = await recordsOf(entry);
    expect(read.map(({ dn }) => dn)).toEqual([dnOf('x')]);
    expect(read[0]?.attributes.map(([attribute, values]) => [attribute, values.map(hex)])).toEqual([
      [ATTRIBUTE, [hex('harmless'), hex(value)]],
    ]);
  });

  test.each(NAMES)('from JSON, on one line: %s', (name) => {
    const value = hostile(name);
    const edit = editOf('x', [value], [value]);
    const finding = { rule: 'r', error: 'Format', severity: 'error', attribute: 'mail' } as const;
    const lines = [
      findingLine({
        ...{ ...finding, entry: edit.entry, value, message: String(value), relatedCount: 1 },
        related: [{ entry: edit.entry, attribute: 'mail', value }],
      }),
      proposalLine({ id: 'id', edit, safety: 'safe', findings: ['r'], trail: [] }),
    ];
    for (const line of lines) expect(line).toMatch(/^[^\n\r]*\n$/);
    const [found, proposed] = lines.map((line) => JSON.parse(line));
    const back = [found.value, found.related[0].value, ...proposed.before, ...proposed.after];
    expect(back.map((json) => hex(fromJson(json)))).toEqual(Array(4).fill(hex(value)));
    expect(found.message).toBe(String(value));
  });

  test.each(NAMES)('from the journal, in printable lines: %s', async (name) => {
    const value = hostile(name);
    const path = files.path(`${name}.jsonl`);
    const header = { command: 'apply', target: 'ldaps://dc1' } as const;
    const journal = await openJournal(path, header, () => new Date(0));
    const edits = [{ row: 2, id: String(value), edit: editOf(String(value), [value], [value]) }];
    await journal.intended(1, edits);
    await journal.outcome(1, { state: 'failed', reason: String(value) });
    await journal.close();
    expect(readFileSync(path, 'latin1')).toMatch(/^(?:[ -~]*\n){3}$/);
    const [request] = readJournal(readFileSync(path)).requests;
    expect(request?.reason).toBe(String(value));
    const [read] = request?.edits ?? [];
    expect([read?.id, read?.edit.entry.dn]).toEqual([String(value), dnOf(String(value))]);
    expect([read?.edit.before.map(hex), read?.edit.after.map(hex)]).toEqual([
      [hex(value)],
      [hex(value)],
    ]);
  });
});

test('a scan of hostile entries prints no control character', async () => {
  const attributes = ['cn', 'displayName', 'mail', 'userPrincipalName', 'proxyAddresses'];
  const entry = (name: string, at: number) =>
    [
      formatAttribute('dn', `CN=${escapeRdn(String(hostile(name)))},DC=contoso,DC=local`),
      `objectClass: ${at % 2 ? 'user' : 'contact'}`,
      ...attributes.map((attribute) => formatAttribute(attribute, hostile(name))),
      ...(at % 3 ? [] : ['isCriticalSystemObject: TRUE']),
      '\n',
    ].join('\n');
  writeFileSync(files.path('hostile.ldif'), NAMES.map(entry).join(''));
  const reports = ['--csv', files.path('h.csv'), '--show-skipped', '--simulate'];
  const { code, out, err } = await presync(['scan', files.path('hostile.ldif'), ...reports]);
  expect([code, err]).toEqual([1, '']);
  expect(out).toContain('Skipped');
  expect(out).not.toMatch(ACTIVE);
}, 60_000);

describeServer('slapd', 'hostile values on OpenLDAP', () => {
  let server: SlapdServer;

  beforeAll(async () => {
    const entries = NAMES.map(
      (name) => `dn: ${dnOf(name)}\nobjectClass: user\ncn: ${name}\nsn: x\n`,
    );
    server = await startSlapd({ suffix: SUFFIX, entries: entries.join('\n') });
    writeFileSync(files.path('password'), server.password);
  }, 60_000);
  afterAll(() => server?.stop(), 30_000);

  const stored = async () => {
    const found = await server.search({ filter: '(sn=x)', attributes: [ATTRIBUTE] });
    return Object.fromEntries(
      found.map(({ dn, bytes }) => [dn, bytes(ATTRIBUTE).map((value) => value.toString('hex'))]),
    );
  };
  const expected = (values: (name: string) => readonly Value[]) =>
    Object.fromEntries(NAMES.map((name) => [dnOf(name), values(name).map(hex)]));

  test('ldapmodify writes, finds and takes away each to the byte, and touches nothing else', async () => {
    const modify = async (edit: (name: string) => Edit) =>
      server.add([...changeRecords(NAMES.map(edit))].join(''));
    await modify((name) => editOf(name, [], [hostile(name)]));
    expect(await stored()).toEqual(expected((name) => [hostile(name)]));
    await modify((name) => editOf(name, [hostile(name)], ['harmless']));
    expect(await stored()).toEqual(expected(() => ['harmless']));
    expect(await server.search({ filter: '(cn=victim)' })).toEqual([]);
  }, 60_000);

  test('a dry run of apply prints no control character', async () => {
    const texts = NAMES.filter((name) => typeof hostile(name) === 'string');
    const edits = texts.map((name) => ({
      ...editOf(name, [], [hostile(name)]),
      attribute: 'displayName',
    }));
    await server.add([...changeRecords(edits)].join(''));
    const rows = texts.flatMap((name) => {
      const mark = { ATTRIBUTE: 'displayName', VALUE: 'moved on', UPDATE: 'x', ACTION: 'EDIT' };
      const text = String(hostile(name));
      return [
        { DISTINGUISHEDNAME: dnOf(name), ...mark },
        { DISTINGUISHEDNAME: `cn=${text},${SUFFIX}`, ...mark },
        { DISTINGUISHEDNAME: dnOf(name), ...mark, ATTRIBUTE: text },
        { DISTINGUISHEDNAME: dnOf(name), ...mark, ACTION: text },
      ];
    });
    writeFileSync(files.path('stale.csv'), stringify(rows, { header: true, quoted: true }));
    const login = ['--bind-dn', server.bindDn, '--password-file', files.path('password')];
    const tls = ['--start-tls', '--ca', server.caFile];
    const args = ['apply', ...BY_HAND, files.path('stale.csv'), server.url, ...login, ...tls];
    const { code, out, err } = await presync(args);
    expect(code).toBe(3);
    expect(err.match(/^Row \d+ refused: VALUE is not what displayName holds now/gm)).toHaveLength(
      texts.length,
    );
    expect(out).toContain('0 entries to change');
    expect(out + err).not.toMatch(ACTIVE);
  }, 60_000);
});

async function recordsOf(ldif: string): Promise<readonly LdifRecord[]> {
  const chunks = async function* () {
    yield Buffer.from(ldif);
  };
  const records: LdifRecord[] = [];
  for await (const some of readLdif(chunks())) records.push(...some);
  return records;
}

function fromJson(json: string | { readonly base64: string }): Value {
  return typeof json === 'string' ? json : Buffer.from(json.base64, 'base64');
}

/** A value as RFC 4514 writes it in a DN. */
function escapeRdn(text: string): string {
  return text.replace(/[\0"+,;<=>\\# ]/g, (character) =>
    character === '\0' ? '\\00' : `\\${character}`,
  );
}
