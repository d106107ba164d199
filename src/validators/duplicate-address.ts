import { texts } from '../ldap/attributes.js';
import type { DirectoryRule } from '../model.js';
import { addressIn, addressKey } from './shared/address.js';
import { duplicateMessage } from './shared/duplicate.js';

/**
 * One pool for every address: the cloud adds the user principal name to the addresses of its user and turns mail into
 * one, so a value is taken whatever attribute holds it.
 */
export const duplicateAddress: DirectoryRule<undefined> = {
  meta: {
    id: 'duplicate-address',
    title: 'An address that several entries hold',
    why: 'Microsoft 365 gives an address to one user, group or contact only. Of several entries with the same address in userPrincipalName, mail or proxyAddresses, all but one fail to sync (InvalidSoftMatch, AttributeValueMustBeUnique, ObjectTypeMismatch) or arrive without the address.',
    remedy:
      'Decide whose address it is and change or remove it in all other entries, then let the next sync cycle run.',
    severity: 'error',
    fix: 'none',
    errors: ['Duplicate'],
    reads: [],
    kinds: ['user', 'inetOrgPerson', 'group', 'contact'],
    facts: ['X-1', 'X-2', 'X-4', 'X-5', 'X-8', 'X-13', 'UPN-11', 'MAIL-1', 'PRX-13'],
  },
  keys: ({ entry, attribute }) =>
    texts(entry, attribute).flatMap((value) => {
      const address = addressIn(attribute, value)?.trim();
      return address ? [{ key: addressKey(address), value }] : [];
    }),
  message: duplicateMessage,
};
