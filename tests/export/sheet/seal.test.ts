import { describe, expect, test } from '@jest/globals';
import { sealedParts, sealOf } from '../../../src/export/sheet/seal.js';

const row = {
  ...{ id: '1234567890ab', safety: 'safe', rules: 'blank-value, malformed-address' },
  ...{ proposedAction: 'EDIT', update: 'a@contoso.com' as string | Uint8Array | undefined },
};
const sealed = { ...row, seal: sealOf(row) };

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
    ['SEAL of another version', { seal: sealed.seal.replace('v1', 'v2') }, false, false],
    ['no SEAL', { seal: '' }, false, false],
  ])('not with another %s', (_, change, finding, update) => {
    expect(sealedParts({ ...sealed, ...change })).toEqual({ finding, update });
  });
});
