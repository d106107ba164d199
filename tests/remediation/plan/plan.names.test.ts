import { describe, expect, test } from '@jest/globals';
import type { Holder } from '../../../src/model/finding.js';
import type { PooledKey, SharedValue, Standing } from '../../../src/model/rule.js';
import type { Draft } from '../../../src/remediation/plan/draft.js';
import { KEEP_ORDER } from '../../../src/remediation/plan/keeper.js';
import { plan } from '../../../src/remediation/plan/plan.js';
import { remarkOn } from '../../../src/remediation/plan/remarks.js';
import { keyText, valueId } from '../../../src/remediation/plan/value-id.js';

const NOBODY: Standing = {
  ...{ mailbox: false, enabled: true, created: '', primary: undefined, mail: undefined },
};
const refOf = (name: string) => ({ dn: `CN=${name}`, guid: undefined, kind: 'user' as const });
const key = (pool: string, name: string): PooledKey => ({ pool, key: name });
const holder = (name: string, attribute: string, value: string): Holder => ({
  ...{ entry: refOf(name), attribute, value },
});

/** A repair that makes one value another, and what of it must be unique. */
function draft(
  name: string,
  attribute: string,
  [before, after]: readonly [string, string],
  claims: readonly PooledKey[],
  standing: Partial<Standing> = {},
): Draft {
  const entry = refOf(name);
  const id = valueId(entry, attribute, before);
  const edit = { entry, attribute, before: [before], after: [after] };
  const trail = [{ rule: 'unroutable-domain', before, after }];
  const proposal = { id, edit, safety: 'safe', findings: ['unroutable-domain'], trail } as const;
  return { proposal, own: [], claims, standing: { ...NOBODY, ...standing } };
}

/** The plan of drafts and shared values, in a directory where names are held as said. */
function planned(
  drafts: readonly Draft[],
  shared: readonly SharedValue[] = [],
  held: ReadonlyMap<string, readonly Holder[]> = new Map(),
) {
  const { proposals, remarks } = plan({
    ...{ drafts, shared, order: KEEP_ORDER, isFaulty: () => false, personOf: ({ dn }) => dn },
    judge: { holders: (one) => held.get(keyText(one)) ?? [] },
  });
  const after = proposals.map(({ edit, safety }) => [edit.entry.dn, edit.after[0], safety]);
  return { after, says: (id: string) => remarkOn(remarks, id) };
}

describe('a name that somebody else holds', () => {
  const wanting = (pool: string, attribute: string, after: string) => {
    const one = draft('a', attribute, ['x@contoso.local', after], [key(pool, 'x@contoso.com')]);
    const others = [holder('b', attribute, after)];
    return { ...planned([one], [], new Map([[`${pool}\0x@contoso.com`, others]])), one };
  };

  test.each([
    ['duplicate-address', 'mail', 'x@contoso.com', 'x2@contoso.com'],
    ['duplicate-mail-nickname', 'mailNickname', 'x@contoso.com', 'x2@contoso.com'],
  ])('of the pool %s becomes the next free one, for review', (pool, attribute, after, free) => {
    expect(wanting(pool, attribute, after).after).toEqual([['CN=a', free, 'review']]);
  });

  // A number would make a SIP address that nobody has told its owner of, or send mail to another mailbox.
  test.each([
    ['duplicate-sip-address', 'msRTCSIP-PrimaryUserAddress', 'sip:x@contoso.com'],
    ['duplicate-target-address', 'targetAddress', 'SMTP:x@contoso.com'],
    ['duplicate-typed-address', 'proxyAddresses', 'x500:x@contoso.com'],
  ])(
    'of the pool %s is proposed to nobody, and no number is put behind it',
    (pool, attribute, after) => {
      const { after: proposed, says, one } = wanting(pool, attribute, after);
      expect(proposed).toEqual([]);
      expect(says(one.proposal.id)?.clause).toBe(
        `no proposal, for "${after}" is taken by b (${attribute})`,
      );
    },
  );
});

describe('a name that several want', () => {
  const WANTED = key('duplicate-address', 'x@contoso.com');
  const FREE = key('duplicate-mail-nickname', 'x');
  const worse = draft('a', 'mail', ['x@a.local', 'x@contoso.com'], [WANTED], { enabled: false });

  test('goes to the best claim, also where that entry wants another name that nobody else wants', () => {
    const better = draft('b', 'mail', ['x@b.local', 'x@contoso.com'], [FREE, WANTED]);
    expect(planned([worse, better]).after).toEqual([
      ['CN=b', 'x@contoso.com', 'review'],
      ['CN=a', 'x2@contoso.com', 'review'],
    ]);
  });

  test('does not go to an entry for another name of it, to which it has the best claim', () => {
    const second = key('duplicate-address', 'y@contoso.com');
    const both = draft('a', 'mail', ['x@a.local', 'x@contoso.com'], [WANTED, second]);
    const better = draft('b', 'mail', ['y@b.local', 'y@contoso.com'], [second], { mailbox: true });
    const rival = draft('c', 'mail', ['x@c.local', 'x@contoso.com'], [WANTED], { enabled: false });
    expect(planned([both, better, rival]).after).toContainEqual([
      ...['CN=b', 'y@contoso.com', 'review'],
    ]);
  });
});

describe('a mail that is the primary address of somebody else', () => {
  /** The user `a` has the mail of `b`, and another primary address. */
  const stray = (primary: string) => {
    const shared = {
      key: key('duplicate-address', 'x@contoso.com'),
      holders: [
        { ...holder('a', 'mail', 'x@contoso.com'), standing: { ...NOBODY, primary } },
        {
          ...holder('b', 'proxyAddresses', 'SMTP:x@contoso.com'),
          standing: { ...NOBODY, primary: 'SMTP:x@contoso.com' },
        },
      ],
    };
    return planned([], [shared]).after;
  };

  test('becomes the primary address of its own', () => {
    expect(stray('SMTP:anna@contoso.com')).toEqual([['CN=a', 'anna@contoso.com', 'review']]);
  });

  // What is no address, or none that the cloud takes, would only be the next fault.
  test.each([
    'SMTP:jürgen@contoso.com',
    'SMTP:anna',
    'SMTP:an na@contoso.com',
    'SMTP:a@b@contoso.com',
  ])('stays where that is no address of plain ASCII: %s', (primary) => {
    expect(stray(primary)).toEqual([]);
  });
});
