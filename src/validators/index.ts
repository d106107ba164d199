import type { RuleMeta } from '../model/rule.js';
import { compare } from '../text/order.js';
import { profileFor } from './profiles/index.js';

/** The dedicated profile asks every rule that the default one asks, and some more. */
const ALL_LINES = profileFor({ profile: 'dedicated', loginAttribute: 'userPrincipalName' });

/**
 * Every rule that a line of a profile brings in, by id: a rule has no other list to be entered in. A rule that judges
 * some attribute in a narrower form (fewer kinds, more absences) is described by its first line, which stands above.
 */
export const RULES: readonly { readonly meta: RuleMeta }[] = ALL_LINES.map(({ meta }) => ({ meta }))
  .filter(({ meta }, at, all) => all.findIndex((other) => other.meta.id === meta.id) === at)
  .sort((a, b) => compare(a.meta.id, b.meta.id));
