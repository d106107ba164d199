import { expect, test } from '@jest/globals';
import { countByPart, elsewhereText } from '../../src/jobs/elsewhere.js';

test.each([
  [[undefined], ''],
  [
    ['eu.contoso.com', undefined],
    '1 row is for another server, that of eu.contoso.com, and left as it is',
  ],
  [
    ['eu.contoso.com', 'eu.contoso.com'],
    '2 rows are for another server, that of eu.contoso.com, and left as they are',
  ],
  [
    ['b.com', 'a.com', 'eu.com', 'eu.com'],
    '4 rows are for other servers and left as they are: 2 in eu.com, 1 in a.com, 1 in b.com',
  ],
])('rows for other servers are counted in words: %j', (parts, text) => {
  expect(elsewhereText({ rows: countByPart(parts), isAll: false })).toBe(text);
});
