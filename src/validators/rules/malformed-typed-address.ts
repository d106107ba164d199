import { texts } from '../../ldap/format/values.js';
import { readTyped, SIP_ATTRIBUTE } from '../../mail/address-type.js';
import type { Severity } from '../../model/finding.js';
import type { EntryRule } from '../../model/rule.js';
import { isBlank } from '../../text/characters.js';
import { quote } from '../../text/quote.js';

interface Grammar {
  /** The form as the message names it. */
  readonly form: string;
  readonly severity: Severity;
  fits(rest: string): boolean;
}

const SIP = /^[^\s@:;,<>()[\]"\\]+@[^\s@:;,<>()[\]"\\]+$/;
const X500 = /^\/[^\p{Cc}]+$/u;
/** One element of an X.400 address: a key such as S, OU1 or DDA:SMTP, and a value that may be blank. */
const X400_ELEMENT = /^ *[a-z][a-z0-9-]*(?::[^=]*)?=/i;
const EUM = /^[^;]+;phone-context=[^\s;]/i;

/** Only for SIP does a Microsoft page say that such a value is dropped (PRX-2, PRX-3): the rest is advice. */
const GRAMMARS: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ['sip', { form: 'user@host', severity: 'warning', fits: (rest) => SIP.test(rest) }],
  ['x500', { form: '/o=…/cn=…', severity: 'info', fits: (rest) => X500.test(rest) }],
  ['x400', { form: 'C=…;A=…;P=…;S=…', severity: 'info', fits: isX400 }],
  ['eum', { form: 'number;phone-context=…', severity: 'info', fits: (rest) => EUM.test(rest) }],
]);

function isX400(rest: string): boolean {
  const elements = rest.replace(/; *$/, '').split(';');
  return elements.every((element) => X400_ELEMENT.test(element));
}

/** A SIP, X500, X400 or EUM address without the form of its type. */
export const malformedTypedAddress: EntryRule<undefined> = {
  meta: {
    id: 'malformed-typed-address',
    title: 'A SIP, X500, X400 or EUM address without the form of its type',
    why: 'Each address type has a form of its own. A SIP address with a blank, a bracket or a second colon is dropped in the cloud; an X500 address that is not whole no longer leads replies to old mail to its mailbox.',
    remedy: 'Correct the address, or remove it if nobody needs it.',
    severity: 'warning',
    fix: 'none',
    errors: ['Format'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-2', 'PRX-3', 'PRX-4', 'PRX-16', 'TGT-2', 'TGT-8'],
  },
  check: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const typed = readTyped(value);
      const type = attribute === SIP_ATTRIBUTE ? 'sip' : (typed?.type ?? '');
      const grammar = GRAMMARS.get(type);
      if (!grammar || isBlank(value)) return [];
      if (typed?.type === type && grammar.fits(typed.rest)) return [];
      const { form, severity } = grammar;
      const lost =
        attribute === 'proxyAddresses'
          ? 'it may be dropped in the cloud'
          : 'the cloud may not take it';
      const message = `${quote(value)} has not the form ${type.toUpperCase()}:${form}: ${lost}. Correct or remove it.`;
      return [{ error: 'Format', value, message, severity }];
    }),
};
