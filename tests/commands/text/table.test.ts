import { expect, test } from '@jest/globals';
import { columns } from '../../../src/commands/text/table.js';
import { displayWidth, grouped } from '../../../src/text/printable.js';

test('columns stand below each other, without spaces at the end', () => {
  const rows = [
    ['Rule', 'Errors', 'What'],
    ['a', '1,000', ''],
  ];
  expect(columns(rows, ['left', 'right'])).toBe('Rule  Errors  What\na      1,000');
});

test.each([
  ['contoso.com', 11],
  ['b\u00fccher.de', 9],
  ['bu\u0308cher.de', 9],
  ['\u4f8b\u3048.jp', 7],
  ['', 0],
])('%j takes %i places', (text, places) => {
  expect(displayWidth(text)).toBe(places);
});

test.each([0, 999, 1000, 123_456, 1_234_567])('%i has its thousands grouped as Intl does', (n) => {
  expect(grouped(n)).toBe(n.toLocaleString('en'));
});
