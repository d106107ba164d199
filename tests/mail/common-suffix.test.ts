import { expect, test } from '@jest/globals';
import { commonSuffix, type Fault } from '../../src/mail/common-suffix.js';
import type { CommonSuffix } from '../../src/model/scan.js';
import { asMapping } from '../../src/text/as-mapping.js';

function faults(count: number, domain: string, more: Partial<Fault> = {}): readonly Fault[] {
  return Array.from({ length: count }, (_, at) => ({
    rules: ['unroutable-domain'],
    value: `user${at}@${domain}`,
    ...more,
  }));
}

test('one domain makes most of the faults: it is named with the domain that is proposed most often', () => {
  const common = commonSuffix([
    ...faults(11, 'Contoso.LOCAL', { update: 'x@contoso.com', safety: 'review' }),
    ...faults(5, 'contoso.local', { update: 'x@fabrikam.com' }),
    ...faults(9, 'old.local'),
    ...faults(6, 'contoso.local', { rules: ['malformed-address'] }),
  ]);
  expect(common).toEqual({ from: 'contoso.local', to: 'contoso.com', faults: 16, all: 31 });
});

test('an unverified domain counts as one on no public net does, also behind a prefix and in other letters', () => {
  const common = commonSuffix([
    ...faults(6, 'bücher.example', { rules: ['blank-value', 'unverified-domain'] }),
    ...faults(5, 'xn--bcher-kva.example ', { value: 'SMTP:a@xn--bcher-kva.example ' }),
  ]);
  expect(common).toEqual({ from: 'xn--bcher-kva.example', to: null, faults: 11, all: 11 });
  expect(asMapping(common as CommonSuffix)).toBe('xn--bcher-kva.example=YOUR-DOMAIN');
});

test.each([
  ['there are few', faults(9, 'contoso.local')],
  [
    'it makes no more than half of them',
    [...faults(20, 'contoso.local'), ...faults(20, 'b.local')],
  ],
  [
    'its values have safe proposals, for it was mapped',
    faults(30, 'contoso.local', { safety: 'safe' }),
  ],
  ['they are about bytes or nothing', faults(30, '', { value: undefined })],
])('nothing is said where %s', (_, given) => {
  expect(commonSuffix(given)).toBeUndefined();
});

test('a proposal that keeps the domain says nothing about where to move', () => {
  expect(commonSuffix(faults(12, 'a.local', { update: 'b@a.local' }))?.to).toBeNull();
});

test('ten are enough', () => {
  expect(commonSuffix(faults(10, 'contoso.local'))).toMatchObject({ faults: 10, all: 10 });
});
