import { texts } from '../../ldap/format/values.js';
import { addressKey } from '../../mail/address.js';
import { readTyped, SIP_ATTRIBUTE } from '../../mail/address-type.js';
import type { DirectoryRule } from '../../model/rule.js';
import { duplicateMessage, TYPE_MISMATCH } from '../rule-parts/duplicate-message.js';

/** SIP addresses have a pool of their own: a person may have one address for mail and for calls. */
export const duplicateSipAddress: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-sip-address',
    title: 'A SIP address that several entries hold',
    why: 'The address at which somebody is called (a sip: value of proxyAddresses, or msRTCSIP-PrimaryUserAddress) belongs to one entry only. All others that carry it fail to sync (AttributeValueMustBeUnique, property SipProxyAddress).',
    remedy: 'Decide whose SIP address it is and remove it from all other entries.',
    severity: 'error',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [],
    absence: [],
    when: 'unusual',
    kinds: ['user', 'inetOrgPerson', 'group', 'contact', 'publicFolder'],
    facts: ['PRX-16', 'SIP-1', 'PF-1', 'X-3', 'X-8', 'X-13'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const { type = attribute === SIP_ATTRIBUTE ? 'sip' : '', rest = value } =
        readTyped(value) ?? {};
      const key = type === 'sip' ? addressKey(rest) : '';
      return key === '' ? [] : [{ key, value }];
    }),
  plainKeyAt: (attribute) => (attribute === SIP_ATTRIBUTE ? 'sip:'.length : undefined),
  message: (holder, others, count) =>
    duplicateMessage(holder, others, count, {
      consequence:
        'The cloud takes one of them and refuses the others (AttributeValueMustBeUnique).',
      ofMixedKinds: TYPE_MISMATCH,
    }),
};
