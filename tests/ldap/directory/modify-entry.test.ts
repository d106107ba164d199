import { describe, expect, test } from '@jest/globals';
import { modifyEntry, REPLACED } from '../../../src/ldap/directory/modify-entry.js';
import { mayWrite } from '../../../src/ldap/directory/rights.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import type { Connection, WholeValues } from '../../../src/ldap/protocol/connection.js';
import { mergeEdits } from '../../../src/ldap/protocol/connection.js';
import { modifyOutcome } from '../../../src/ldap/protocol/modify-outcome.js';
import type { Value } from '../../../src/model/entry.js';
import { edit, faulty } from '../opening.js';

const DN = 'CN=A,DC=contoso,DC=com';

/** A server with one entry that cannot compare the values of `odd` attributes. */
function server(held: Readonly<Record<string, readonly Value[]>>, odd: readonly string[]) {
  const sent: WholeValues[] = [];
  const answers: Pick<Connection, 'modify' | 'read'> = {
    read: async () => createEntry(DN, Object.entries(held)),
    modify: async (_dn, edits, whole = new Map()) => {
      sent.push(whole);
      const wrong = mergeEdits(edits, whole).find(
        ({ operation, attribute }) => operation !== 'replace' && odd.includes(attribute),
      );
      const errorMessage = wrong
        ? `modify/delete: ${wrong.attribute}: no equality matching rule`
        : '';
      return modifyOutcome({ status: wrong ? 18 : 0, matchedDN: '', errorMessage });
    },
  };
  return { connection: answers as Connection, sent };
}

describe('an attribute without a matching rule', () => {
  test('is replaced by the whole new list, the others stay guarded, and the outcome says so', async () => {
    const { connection, sent } = server({ audio: ['x', 'y'], mail: ['a'] }, ['audio']);
    const edits = [edit('audio', ['x'], ['z']), edit('mail', ['a'], ['b'])];
    const outcome = await modifyEntry(connection, DN, edits);
    expect(outcome).toEqual({ state: 'applied', reason: REPLACED });
    expect(sent).toEqual([new Map(), new Map([['audio', ['y', 'z']]])]);
    expect(mergeEdits(edits, sent[1])).toEqual([
      { operation: 'replace', attribute: 'audio', values: ['y', 'z'] },
      { operation: 'delete', attribute: 'mail', values: ['a'] },
      { operation: 'add', attribute: 'mail', values: ['b'] },
    ]);
  });

  test('two of them are found one after the other', async () => {
    const { connection, sent } = server({ audio: ['x'], photo: ['p'] }, ['audio', 'photo']);
    const edits = [edit('audio', ['x'], []), edit('photo', ['p'], ['q'])];
    expect((await modifyEntry(connection, DN, edits)).state).toBe('applied');
    expect(sent[2]).toEqual(
      new Map([
        ['audio', []],
        ['photo', ['q']],
      ]),
    );
  });

  test.each([
    ['the old value is gone', ['X', 'y']],
    ['the new value came', ['x', 'z']],
  ])('is left alone when it changed, to the byte: %s', async (_, held) => {
    const { connection, sent } = server({ audio: held }, ['audio']);
    const outcome = await modifyEntry(connection, DN, [edit('audio', ['x'], ['z'])]);
    expect(outcome.state).toBe('stale');
    expect(sent).toHaveLength(1);
  });

  test('a server that refuses the replacement too has the last word', async () => {
    const { server: bad, connection } = await faulty({ modify: { code: 18 } });
    const entry = {
      dn: `CN=user0001,OU=People,${bad.baseDn}`,
      guid: undefined,
      kind: 'user',
    } as const;
    const change = { entry, attribute: 'mail', before: bad.values(1, 'mail'), after: ['x'] };
    const outcome = await modifyEntry(connection, entry.dn, [change]);
    expect(outcome).toMatchObject({ state: 'failed', code: 18 });
    const sent = bad.requests.filter(({ op }) => op === 'modify').map(({ changes }) => changes);
    expect(sent.map((changes) => changes?.map(({ operation }) => operation))).toEqual([
      ['delete', 'add'],
      ['replace'],
    ]);
    expect(sent[1]?.[0]?.values.map(String)).toEqual(['x']);
  });
});

describe('rights', () => {
  const entry = (writable: readonly string[], offered: readonly string[]) =>
    createEntry(DN, [
      ['allowedAttributesEffective', writable],
      ['sDRightsEffective', offered],
    ]);

  test('go by the list of the server; without any list everything may be tried', () => {
    expect(mayWrite(entry(['mail'], ['0']), 'MAIL')).toBe(true);
    expect(mayWrite(entry(['mail'], ['0']), 'displayName')).toBe(false);
    expect(mayWrite(entry([], ['0']), 'mail')).toBe(false);
    expect(mayWrite(entry([], []), 'mail')).toBe(true);
  });
});
