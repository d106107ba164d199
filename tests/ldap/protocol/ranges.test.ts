import { describe, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { completeRanges } from '../../../src/ldap/protocol/ranges.js';
import type { Value } from '../../../src/model/entry.js';

const DN = 'CN=A,DC=contoso,DC=com';

/**
 * Completes an entry whose `member` comes in the range given, from a server that answers each question with what is
 * next; gives the members of the whole entry, and what was asked.
 */
async function complete(
  first: readonly [range: string, values: readonly Value[]],
  ...answers: readonly (readonly [attribute: string, values: readonly Value[]])[]
) {
  const entry = createEntry(DN, [
    ['cn', ['A']],
    [`member;range=${first[0]}`, first[1]],
  ]);
  const asked: string[] = [];
  const whole = await completeRanges(entry, async (attribute) => {
    const answer = answers[asked.length];
    asked.push(attribute);
    if (asked.length > answers.length) throw new Error('it would ask for ever');
    return answer && createEntry(DN, [['cn', ['A']], answer]);
  });
  return { asked, attributes: whole?.attributes, members: whole?.values('member') };
}

describe('an attribute that comes in ranges (MS-ADTS 3.1.1.3.1.3.3)', () => {
  test('is asked for from where the last range ended, to the end, and is whole in the end', async () => {
    const found = await complete(
      ['0-1', ['a', 'b']],
      ['member;range=2-3', ['c', 'd']],
      // Names of attributes and their options have no case (RFC 4512 2.5).
      ['MEMBER;Range=4-*', ['e']],
    );
    expect(found).toEqual({
      asked: ['member;range=2-*', 'member;range=4-*'],
      attributes: ['cn', 'member'],
      members: ['a', 'b', 'c', 'd', 'e'],
    });
  });

  test('is whole when its first range is the last one', async () => {
    expect(await complete(['0-*', ['a']])).toMatchObject({ asked: [], members: ['a'] });
  });

  test.each<
    readonly [
      name: string,
      first: readonly [string, readonly Value[]],
      answer: readonly [string, readonly Value[]],
      questions: number,
    ]
  >([
    ['does not begin with its first value', ['1-*', ['b']], ['member;range=0-0', ['a']], 0],
    ['does not begin with it and has more', ['5-9', ['f']], ['member;range=10-*', ['k']], 0],
    ['goes on with a gap', ['0-0', ['a']], ['member;range=2-*', ['c']], 1],
    ['goes on with what came already', ['0-1', ['a', 'b']], ['member;range=1-*', ['b']], 1],
    ['goes back', ['0-1', ['a', 'b']], ['member;range=2-1', ['c']], 1],
    ['goes on with another attribute', ['0-0', ['a']], ['memberOf;range=1-*', ['x']], 1],
    ['goes on without a range', ['0-0', ['a']], ['member', ['b']], 1],
  ])('is not taken for whole where it %s', async (_, first, answer, questions) => {
    const { asked, attributes } = await complete(first, answer);
    expect([asked.length, attributes]).toEqual([questions, undefined]);
  });

  test('is not taken for whole where the entry is gone meanwhile', async () => {
    const entry = createEntry(DN, [['member;range=0-0', ['a']]]);
    expect(await completeRanges(entry, async () => undefined)).toBeUndefined();
  });
});
