import type { Value } from '../../model.js';

/** Longer values are looked at by every rule: no part of a shorter one exceeds a limit of its form. */
const LONGEST = 64;

const WORD = '[A-Za-z0-9]+';
const ADDRESS = `${WORD}(?:[._-]${WORD})*@${WORD}(?:[.-]${WORD})*\\.[A-Za-z]+`;

const BARE = new RegExp(`^${ADDRESS}$`);
const TYPED = new RegExp(`^(?:SMTP|smtp):${ADDRESS}$`);
const ALIAS = new RegExp(`^${WORD}(?:[_-]${WORD})*$`);
const NAME = new RegExp(`^${WORD}(?:[ -]${WORD})*$`);

const FORMS: ReadonlyMap<string, RegExp> = new Map([
  ['userPrincipalName', BARE],
  ['mail', BARE],
  ['proxyAddresses', TYPED],
  ['targetAddress', TYPED],
  ['mailNickname', ALIAS],
  ['sAMAccountName', ALIAS],
]);

/**
 * Whether all values of an attribute are plain: text of the form that nearly all values have, in which no rule on
 * characters or form can find a fault. One look in place of a dozen: most rules need not be asked about most entries.
 */
export function arePlain(attribute: string, values: readonly Value[]): boolean {
  const form = FORMS.get(attribute) ?? NAME;
  return values.every(
    (value) => typeof value === 'string' && value.length <= LONGEST && form.test(value),
  );
}
