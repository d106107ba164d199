import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { identityHash } from '../../../src/ldap/entry/identity-hash.js';
import { identityOf } from '../../../src/ldap/format/dn.js';
import { hashOf } from '../../../src/tables/hash-table.js';

fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261126) });

const GUID: readonly [string, readonly Uint8Array[]] = ['objectGUID', [new Uint8Array(16).fill(7)]];

test('the hash of an identity is that of its text, whatever stands in the name', () => {
  const pieces = fc.constantFrom(
    'CN=',
    'cn=A',
    ',',
    ' ',
    '=',
    '+',
    '\\',
    '"',
    '\\2C',
    'OU=ü',
    'b c',
    'K',
    'İ',
  );
  const name = fc.oneof(
    fc.array(pieces, { maxLength: 8 }).map((some) => some.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(name, fc.boolean(), (dn, isKnown) => {
      const entry = createEntry(dn, isKnown ? [GUID] : []);
      expect(identityHash(entry)).toEqual(hashOf(identityOf(entry)));
    }),
    { numRuns: 5000 },
  );
});
