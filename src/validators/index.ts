import type { RuleMeta } from '../model.js';
import { blankValue } from './blank-value.js';
import { duplicateAddress } from './duplicate-address.js';
import { unroutableDomain } from './unroutable-domain.js';

/** Every rule, in the order in which `presync rules` lists them. */
export const RULES: readonly { readonly meta: RuleMeta }[] = [
  duplicateAddress,
  unroutableDomain,
  blankValue,
];
