import { describe, expect, test } from '@jest/globals';
import {
  proposalDigest,
  sealedParts,
  sealedProposal,
  sealOf,
} from '../../../src/export/sheet/seal.js';

const row = {
  ...{ id: '1234567890ab', safety: 'safe', rules: 'blank-value, malformed-address' },
  ...{ proposedAction: 'EDIT', update: 'a@contoso.com' as string | Uint8Array | undefined },
};
const sealed = { ...row, seal: sealOf(row) };

test('a seal tells what was proposed, wherever that stands by now', () => {
  const moved = { ...sealed, id: 'another', update: 'b@contoso.com' };
  expect(sealedProposal(moved)).toBe(proposalDigest('a@contoso.com'));
  expect(proposalDigest('b@contoso.com')).not.toBe(proposalDigest('a@contoso.com'));
  expect(sealedProposal({ seal: '' })).toBeUndefined();
  expect(sealedProposal({ seal: sealed.seal.replace('v2', 'v1') })).toBeUndefined();
});

describe('a seal proves', () => {
  test('a row that stands as it was written, whatever case and blanks a spreadsheet gave the words', () => {
    expect(sealedParts(sealed)).toEqual({ finding: true, update: true });
    const typed = {
      ...sealed,
      safety: ' SAFE ',
      proposedAction: 'edit ',
      seal: ` ${sealed.seal} `,
    };
    expect(sealedParts(typed)).toEqual({ finding: true, update: true });
  });

  test.each<[string, Partial<typeof sealed>, boolean, boolean]>([
    ['UPDATE', { update: 'b@contoso.com' }, true, false],
    ['UPDATE that was emptied', { update: undefined }, true, false],
    ['UPDATE of other bytes', { update: Buffer.from('a@contoso.com') }, true, false],
    ['SAFETY', { safety: 'review' }, false, true],
    ['RULES', { rules: 'blank-value' }, false, true],
    ['PROPOSEDACTION', { proposedAction: 'REMOVE' }, false, true],
    ['ID', { id: '1234567890ac' }, false, false],
    ['SEAL of another version', { seal: sealed.seal.replace('v2', 'v1') }, false, false],
    ['no SEAL', { seal: '' }, false, false],
  ])('not with another %s', (_, change, finding, update) => {
    expect(sealedParts({ ...sealed, ...change })).toEqual({ finding, update });
  });
});
