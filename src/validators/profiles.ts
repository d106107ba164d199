import { blankValue } from './blank-value.js';
import { type Check, unique, use } from './check.js';
import { duplicateAddress } from './duplicate-address.js';
import { unroutableDomain } from './unroutable-domain.js';

/**
 * Which rule judges which attribute, in the order in which repairs are folded: the table an administrator would read.
 */
export const DEFAULT_PROFILE: readonly Check[] = [
  use(unroutableDomain, 'userPrincipalName', undefined),
  unique(duplicateAddress, 'userPrincipalName', undefined),

  use(unroutableDomain, 'mail', undefined),
  unique(duplicateAddress, 'mail', undefined),

  use(unroutableDomain, 'proxyAddresses', undefined),
  unique(duplicateAddress, 'proxyAddresses', undefined),

  use(blankValue, 'displayName', undefined),
];
