import { describe, expect, test } from '@jest/globals';
import { RefusedError } from '../../src/review/http.js';
import {
  readBatch,
  readDecision,
  readQuestion,
  readReading,
  readStart,
  readText,
} from '../../src/review/requests.js';

describe('what a page asks is read', () => {
  test.each<readonly [body: unknown, decision: unknown]>([
    // Nothing but a plain yes narrows or widens what is done.
    [
      { is: 'accept', rows: [2, 3], onlySafe: true },
      { is: 'accept', rows: [2, 3], onlySafe: true },
    ],
    [
      { is: 'accept', rows: [2] },
      { is: 'accept', rows: [2], onlySafe: false },
    ],
    [
      { is: 'accept', rows: [2], onlySafe: 'no' },
      { is: 'accept', rows: [2], onlySafe: false },
    ],
    [
      { is: 'reject', rows: [2, 2, 3, 2] },
      { is: 'reject', rows: [2, 3] },
    ],
    [
      { is: 'reopen', rows: [], onlySafe: true },
      { is: 'reopen', rows: [] },
    ],
    [
      {
        is: 'choose',
        choices: [
          { row: 2, is: 'write', update: 'x', more: 1 },
          { row: 3, is: 'remove', update: 'x' },
          { row: 4, is: 'keep' },
        ],
        insist: true,
      },
      {
        is: 'choose',
        choices: [
          { row: 2, is: 'write', update: 'x' },
          { row: 3, is: 'remove' },
          { row: 4, is: 'keep' },
        ],
        insist: true,
      },
    ],
    [
      { is: 'choose', choices: [{ row: 2, is: 'write', update: '' }], insist: 1 },
      { is: 'choose', choices: [{ row: 2, is: 'write', update: '' }], insist: false },
    ],
  ])('the decision %j', (body, decision) => {
    expect(readDecision(body)).toEqual(decision);
  });

  test('the rest', () => {
    expect(readQuestion({ row: 2, update: 'x' })).toEqual({ row: 2, update: 'x' });
    expect(readBatch({ onlySafe: true, limit: 5 })).toEqual({ onlySafe: true, limit: 5 });
    expect(readBatch({ onlySafe: 'true', limit: null })).toEqual({
      onlySafe: false,
      limit: undefined,
    });
    expect(readBatch({})).toEqual({ onlySafe: false, limit: undefined });
    expect(readStart({ plan: 1, typed: '3' })).toEqual({ plan: 1, typed: '3' });
    expect([readReading({ reading: 2 }), readReading({})]).toEqual([2, undefined]);
    expect(readText({ group: 'a' }, 'group')).toBe('a');
  });
});

describe('what no page of ours sends is refused', () => {
  test.each<readonly [name: string, read: () => unknown]>([
    ...[undefined, null, 'accept', 5, [], [{ is: 'accept', rows: [2] }]].map(
      (body) => [`the decision ${JSON.stringify(body)}`, () => readDecision(body)] as const,
    ),
    ['an unknown decision', () => readDecision({ is: 'apply', rows: [2] })],
    ['a decision on nothing', () => readDecision({ is: 'accept' })],
    ['one on a row that is no list', () => readDecision({ is: 'reject', rows: 2 })],
    ['one on half a row', () => readDecision({ is: 'reject', rows: [2.5] })],
    ['one on a row in words', () => readDecision({ is: 'accept', rows: ['2'] })],
    [
      'one on more rows than there are numbers',
      () => readDecision({ is: 'accept', rows: [2 ** 53] }),
    ],
    ['choices that are none', () => readDecision({ is: 'choose', choices: {} })],
    ['a choice of nothing', () => readDecision({ is: 'choose', choices: [{ row: 2 }] })],
    [
      'a choice of an unknown kind',
      () => readDecision({ is: 'choose', choices: [{ row: 2, is: 'replace', update: 'x' }] }),
    ],
    ['a choice without a row', () => readDecision({ is: 'choose', choices: [{ is: 'keep' }] })],
    [
      'a choice to write nothing',
      () => readDecision({ is: 'choose', choices: [{ row: 2, is: 'write' }] }),
    ],
    [
      'a choice to write what is no text',
      () => readDecision({ is: 'choose', choices: [{ row: 2, is: 'write', update: ['x'] }] }),
    ],
    [
      // Both cannot be meant, and the later one is not more so.
      'two choices for one row',
      () =>
        readDecision({
          is: 'choose',
          choices: [
            { row: 2, is: 'keep' },
            { row: 2, is: 'remove' },
          ],
        }),
    ],
    ['a question about no row', () => readQuestion({ update: 'x' })],
    ['a question without a value', () => readQuestion({ row: 2 })],
    ['a limit in words', () => readBatch({ limit: '5' })],
    ['a batch that is a list', () => readBatch([])],
    ['a start without what was typed', () => readStart({ plan: 1 })],
    ['a start with a number typed', () => readStart({ plan: 1, typed: 3 })],
    ['a start of no plan', () => readStart({ typed: '3' })],
    ['a reading in words', () => readReading({ reading: '1' })],
    ['a text that is none', () => readText({ group: 1 }, 'group')],
    ['a text that is missing', () => readText({}, 'group')],
  ])('%s', (_, read) => {
    expect(read).toThrow(RefusedError);
    expect(read).toThrow(expect.objectContaining({ status: 400 }));
  });
});
