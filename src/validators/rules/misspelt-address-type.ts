import { texts } from '../../ldap/format/values.js';
import { readTyped } from '../../mail/address-type.js';
import { keptPrimary, readProxyAddress } from '../../mail/proxy-addresses.js';
import type { EntryRule } from '../../model/rule.js';
import { quote } from '../../text/quote.js';

/** What people write in place of the type that is called SMTP. */
const OTHER_WORDS: ReadonlySet<string> = new Set(['mailto', 'mail', 'email', 'e-mail']);

/** A mail address behind a type that was surely meant to be SMTP. */
export const misspeltAddressType: EntryRule<undefined> = {
  meta: {
    id: 'misspelt-address-type',
    title: 'A mail address whose type is misspelt',
    why: 'What stands before the first colon is the type of an address. smpt: is none that anybody knows: the address does not receive mail in the cloud, and nobody is told.',
    remedy: 'Write SMTP: for the primary address and smtp: for any other.',
    severity: 'warning',
    fix: 'review',
    errors: ['Format'],
    reads: ['mail', 'userPrincipalName'],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-7', 'TGT-8'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const typed = readTyped(value);
      if (!typed || !isMeantAsMail(typed)) return [];
      const message = `${quote(value)} has the address type ${quote(typed.type)}, which nobody knows: no mail arrives there. Write smtp: if a mail address is meant.`;
      return [{ error: 'Format', value, message }];
    }),
  fix: (value = '', subject) => {
    const typed = readTyped(value);
    if (!typed || !isMeantAsMail(typed)) return undefined;
    // One address must be the primary one, and a targetAddress is the only one.
    const isFirst = subject.attribute === 'targetAddress' || keptPrimary(subject) === undefined;
    return { value: `${isFirst ? 'SMTP' : 'smtp'}:${typed.rest}` };
  },
};

function isMeantAsMail({ type, rest }: { readonly type: string; readonly rest: string }): boolean {
  if (type === 'smtp' || !(OTHER_WORDS.has(type) || isOneSlipFrom('smtp', type))) return false;
  return readProxyAddress(rest)?.isTyped === false;
}

/** Whether one letter too many, too few or another one, or two letters in the wrong order make a text of a word. */
function isOneSlipFrom(word: string, text: string): boolean {
  if (Math.abs(word.length - text.length) > 1) return false;
  const most = Math.min(word.length, text.length);
  let start = 0;
  while (start < most && word[start] === text[start]) start += 1;
  let end = 0;
  while (end < most - start && word.at(-1 - end) === text.at(-1 - end)) end += 1;
  const [was, is] = [word.slice(start, word.length - end), text.slice(start, text.length - end)];
  return Math.max(was.length, is.length) <= 1 || [...was].reverse().join('') === is;
}
