import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeFilterValue } from '../../../src/ldap/format/filter-text.js';
import { parseFilter } from '../../../src/ldap/protocol/filter.js';

test('an escaped value stands for itself and for nothing else, whatever is in it', () => {
  const anything = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
  const sharp = fc.string({ unit: fc.constantFrom(...'*()\\\0&|=!a é'), minLength: 1 });
  fc.assert(
    fc.property(fc.oneof(anything, sharp), (value) => {
      const filter = parseFilter(`(mail=${escapeFilterValue(value)})`);
      expect(filter).toMatchObject({ attribute: 'mail', value });
    }),
  );
});
