import type { EntryRule } from '../../model/rule.js';

const CONSEQUENCE: Readonly<Record<string, string>> = {
  proxyAddresses: 'the entry may be refused as too large (LargeObject)',
  userCertificate:
    'Connect then sends none of them, or the entry and its later changes are refused (LargeObject)',
  userSMIMECertificate: 'the entry and its later changes are refused (LargeObject)',
};

/** An attribute with more values than the cloud takes. */
export const tooManyValues: EntryRule<{ readonly max: number }> = {
  meta: {
    id: 'too-many-values',
    title: 'An attribute with too many values',
    why: 'The cloud takes about 300 addresses and 15 certificates of an entry. Beyond that the export fails (LargeObject, ExceededAllowedLength), and later changes of the entry do not get through either.',
    remedy: 'Remove expired certificates, and addresses that nobody writes to any more.',
    severity: 'error',
    fix: 'none',
    errors: ['Length'],
    reads: [],
    absence: [],
    when: 'present',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['PRX-12', 'CRT-1', 'CRT-2', 'L-13'],
  },
  check: ({ entry, attribute, limits: { max } }) => {
    const count = entry.values(attribute).length;
    if (count <= max) return [];
    const consequence = CONSEQUENCE[attribute] ?? 'the entry may be refused';
    const message = `${attribute} has ${count} values, and ${max} is the limit: ${consequence}. Remove those that nobody needs.`;
    return [{ error: 'Length', value: undefined, message }];
  },
};
