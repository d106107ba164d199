import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ExpectedError } from '../../src/errors.js';
import { changeRecords } from '../../src/export/ldif.js';
import { readLdif } from '../../src/ldap/format/ldif.js';
import { decodeValue, encodeValue } from '../../src/ldap/format/values.js';
import type { Edit } from '../../src/model/change.js';
import type { Value } from '../../src/model/entry.js';

const GUID = '0084a6c5-2d9a-4b7e-9c1d-0123456789ab';

function edit(
  dn: string,
  attribute: string,
  before: readonly Value[],
  after: readonly Value[],
  guid?: string,
): Edit {
  return { entry: { dn, guid, kind: 'user' }, attribute, before, after };
}

const write = (...edits: readonly Edit[]) => [...changeRecords(edits)].join('');

/** A change record read as the bare sequence of names and values that a server tool sees. */
async function reparse(text: string): Promise<(readonly [string, Value])[][]> {
  const records: (readonly [string, Value])[][] = [];
  for (const block of text.replaceAll('\n ', '').split('\n\n')) {
    const lines: (readonly [string, Value])[] = [];
    for (const line of block.split('\n').filter((each) => each !== '')) {
      if (line === '-') {
        lines.push(['-', '']);
        continue;
      }
      const file = Buffer.from(`${line.startsWith('dn:') ? line : `dn: CN=a\n${renamed(line)}`}\n`);
      async function* chunks() {
        yield file;
      }
      for await (const read of readLdif(chunks())) {
        for (const { dn, attributes } of read) {
          const [name, values] = attributes[0] ?? ['dn', [dn]];
          lines.push([name.replace(/^x-/, ''), values[0] ?? '']);
        }
      }
    }
    if (lines.length > 0) records.push(lines);
  }
  return records;
}

/** The reader of snapshots refuses a change type, rightly; under another name it is a value. */
const renamed = (line: string) => line.replace(/^changetype:/, 'x-changetype:');

describe('changeRecords', () => {
  test('writes nothing without edits', () => {
    expect(write()).toBe('');
    expect(write(edit('CN=a', 'mail', [], []))).toBe('');
  });

  test('deletes the old values and adds the new ones, one record for each entry', () => {
    expect(
      write(
        edit('CN=a,DC=x', 'mail', ['a@x '], ['a@x'], GUID),
        edit('CN=b,DC=x', 'proxyAddresses', ['smtp:b'], []),
        edit('CN=a,DC=x', 'title', [], ['Dr'], GUID.toUpperCase()),
      ),
    ).toBe(`dn: CN=a,DC=x
changetype: modify
delete: mail
mail:: YUB4IA==
-
add: mail
mail: a@x
-
add: title
title: Dr
-

dn: CN=b,DC=x
changetype: modify
delete: proxyAddresses
proxyAddresses: smtp:b
-

`);
  });

  test('knows an entry without GUID by its DN in any spelling', () => {
    const text = write(
      edit('CN=a,DC=x', 'mail', [], ['a']),
      edit('cn=A, dc=X', 'Mail', [], ['b']),
      edit('CN=a,DC=x', 'mail', [], ['c'], GUID),
    );
    expect(text.match(/^dn: .*$/gm)).toEqual(['dn: CN=a,DC=x', 'dn: CN=a,DC=x']);
    expect(text).toContain('add: mail\nmail: a\nmail: b\n-\n\n');
  });

  test('joins the edits of one attribute and names no value twice', () => {
    expect(
      write(
        edit('CN=a', 'mail', ['1'], ['x']),
        edit('CN=a', 'sn', ['s'], ['t']),
        edit('CN=a', 'MAIL', [Buffer.from('1'), '2'], ['x']),
      ),
    ).toBe(`dn: CN=a
changetype: modify
delete: mail
mail: 1
mail: 2
-
add: mail
mail: x
-
delete: sn
sn: s
-
add: sn
sn: t
-

`);
  });

  test('refuses an attribute name that would start a line of its own', () => {
    const hostile = edit('CN=a', 'mail\n-\ndelete: member', ['a'], ['b']);
    expect(() => write(hostile)).toThrow(ExpectedError);
  });

  test('lets no hostile value or DN add, change or end a line', async () => {
    const value = fc.oneof(
      fc.constantFrom(
        'a\n-\ndelete: member\n-\n\ndn: CN=b',
        '-',
        ' -',
        '',
        '\r\n',
        'x'.repeat(300),
      ),
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.uint8Array({ maxLength: 100 }),
    );
    const dn = fc.string({ unit: 'binary' }).map((text) => `CN=${text}`);
    const read = (each: Value) => decodeValue('mail', encodeValue(each));
    await fc.assert(
      fc.asyncProperty(dn, value, value, async (name, before, after) => {
        const text = write(edit(name, 'mail', [before], [after]));
        expect(text).toMatch(/^[\n -~]*$/);
        expect(await reparse(text)).toEqual([
          [
            ['dn', name],
            ['changetype', 'modify'],
            ['delete', 'mail'],
            ['mail', read(before)],
            ['-', ''],
            ['add', 'mail'],
            ['mail', read(after)],
            ['-', ''],
          ],
        ]);
      }),
    );
  });
});
