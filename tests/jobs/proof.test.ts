import { expect, test } from '@jest/globals';
import { isProposal, isSafeProposal, proofOf } from '../../src/jobs/proof.js';
import type { SheetRow } from '../../src/model/change.js';
import { sealed } from '../sealed.js';

const row: SheetRow = sealed({
  ...{ dn: 'CN=A,DC=c', commonName: 'A', objectClass: 'user', guid: undefined, errors: 'Blank' },
  ...{ attribute: 'mail', value: ' a@c.com', update: 'a@c.com', proposedAction: 'EDIT' },
  ...{ action: 'EDIT', severity: 'error', safety: 'safe', rules: 'blank-value', message: '' },
  ...{ related: '', id: '', seal: '' },
});

test.each<[string, Partial<SheetRow>, ReturnType<typeof proofOf>, boolean]>([
  ['as the scan wrote it', {}, 'proposal', true],
  ['with the DN in another spelling', { dn: 'cn=a, dc=C' }, 'proposal', true],
  ['removed instead', { action: 'REMOVE' }, 'proposal', false],
  ['with another UPDATE', { update: 'b@c.com' }, 'finding', false],
  ['called safe by hand', sealedAs({ safety: 'review' }, { safety: 'safe' }), 'value', false],
  ['of another rule by hand', { rules: 'unroutable-domain' }, 'value', false],
  ['of another VALUE', { value: 'x@c.com' }, 'none', false],
  ['of another attribute', { attribute: 'proxyAddresses' }, 'none', false],
  ['of another entry', { dn: 'CN=B,DC=c' }, 'none', false],
  ['with an objectGUID that it had not', { guid: `${'1'.repeat(8)}-1-1-1-1` }, 'none', false],
  ['without ID', { id: '' }, 'none', false],
  ['by itself for review', sealedAs({ safety: 'review' }, {}), 'proposal', false],
])('a row %s', (_, change, proof, safe) => {
  const changed = { ...row, ...change };
  expect([proofOf(changed), isSafeProposal(changed)]).toEqual([proof, safe]);
});

test('a removal is the proposal only where the scan proposed one', () => {
  const removal = sealed({ ...row, update: undefined, proposedAction: 'REMOVE', action: 'REMOVE' });
  expect([isProposal(removal), isProposal({ ...removal, action: 'EDIT' })]).toEqual([true, false]);
});

test('the end of an ID that tells of an incomplete scan cannot be taken off', () => {
  const incomplete = sealed(row, '-incomplete');
  expect(proofOf(incomplete)).toBe('proposal');
  expect(proofOf({ ...incomplete, id: row.id })).toBe('value');
});

function sealedAs(scanned: Partial<SheetRow>, changed: Partial<SheetRow>): SheetRow {
  return { ...sealed({ ...row, ...scanned }), ...changed };
}
