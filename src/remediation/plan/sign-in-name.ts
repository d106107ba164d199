import { withValue } from '../../ldap/entry/entry.js';
import { texts } from '../../ldap/format/values.js';
import { domainOf } from '../../mail/address.js';
import { asciiDomain } from '../../mail/domain-name.js';
import { isMail, primaryAddresses, withoutType } from '../../mail/proxy-addresses.js';
import { mappedSuffix } from '../../mail/suffix-map.js';
import type { Entry } from '../../model/entry.js';
import type { Finding } from '../../model/finding.js';
import type { Judge, Settings } from '../../model/rule.js';
import { type Draft, draftOf } from './draft.js';
import { valueId } from './value-id.js';

/** When the own mail address of a user is the proposal for the sign-in name. */
export interface SignInPolicy {
  /** `mail`: whenever the two differ; `keep`: never; otherwise where the name cannot stay what it is. */
  readonly choice: Settings['signInName'];
  /** False where people sign in with mail (alternate login ID): then there is nothing to choose. */
  readonly isOwnName: boolean;
  /** Whether a person said where names of a domain go. */
  readonly isMapped: (domain: string) => boolean;
}

export function signInPolicy(settings: Settings): SignInPolicy {
  return {
    choice: settings.signInName,
    isOwnName: settings.loginAttribute === 'userPrincipalName',
    isMapped: (domain) => mappedSuffix(asciiDomain(domain), settings.suffixMap) !== undefined,
  };
}

const SIGN_IN = 'userPrincipalName';

/** What is found wrong with a domain, or with a name beside others; all else is about the part before the @. */
const NOT_LOCAL = new Set(['TopLevelDomain', 'DomainPart', 'Duplicate', 'MailMatch']);

/**
 * The drafts with the own mail address as the sign-in name, where that is what an administrator would type: a sound
 * local part keeps itself at the suffix that was named for it; one that is faulty, or whose suffix nobody named, gives
 * way to the address that the user has already, if that is sound and free. For review: users must be told.
 */
export function withOwnSignInName(
  entry: Entry,
  faulty: readonly (readonly [Finding, ...Finding[]])[],
  drafts: readonly Draft[],
  judge: Judge,
  { choice, isOwnName, isMapped }: SignInPolicy,
): readonly Draft[] {
  if (choice === 'keep' || !isOwnName) return drafts;
  const own = faulty.find(([{ attribute, value }]) => attribute === SIGN_IN && value !== undefined);
  const stored = own?.[0].value;
  if (!own || typeof stored !== 'string' || entry.values(SIGN_IN).length > 1) return drafts;
  const rest = drafts.filter(({ proposal }) => proposal.edit.attribute !== SIGN_IN);
  const present = drafts.find(({ proposal }) => proposal.edit.attribute === SIGN_IN);
  const isLocal = ({ severity, error }: Finding) => severity !== 'info' && !NOT_LOCAL.has(error);
  const isLost =
    own.some(({ severity, error }) => severity !== 'info' && /Domain$|^DomainPart$/.test(error)) &&
    !isMapped(domainOf(stored) ?? '');
  if (choice !== 'mail' && !own.some(isLocal) && !isLost) return drafts;
  // Blanks and the like at its ends are no reason to call somebody otherwise.
  if (choice !== 'mail' && present?.proposal.safety === 'safe' && !isLost) return drafts;
  const address = ownAddress(entry, rest, faulty);
  if (address === undefined || address === stored || !isSound(entry, stored, address, judge))
    return drafts;
  const trail = [{ rule: 'differing-sign-in-name', before: stored, after: address }];
  const repaired = { value: address, safety: 'review', trail } as const;
  return [...rest, draftOf(entry, own, repaired, judge, judge.standing(entry))];
}

/** The mail address that a user has, or will have: the primary one (of several the one that is mail), else mail. */
function ownAddress(
  entry: Entry,
  drafts: readonly Draft[],
  faulty: readonly (readonly [Finding, ...Finding[]])[],
): string | undefined {
  const primaries = primaryAddresses(entry);
  const ofMail = primaries.filter((one) => isMail(one, entry));
  const sources = primaries.length > 1 ? ofMail : primaries;
  const attribute = primaries.length > 0 ? 'proxyAddresses' : 'mail';
  const [value, another] =
    primaries.length > 0 ? sources.map((one) => one.value) : texts(entry, 'mail');
  // Of several nobody can say which it is.
  if (value === undefined || another !== undefined) return undefined;
  const id = valueId(entry, attribute, value);
  const draft = drafts.find(({ proposal }) => proposal.id === id);
  const isFaulty = ({ severity, error }: Finding) => severity !== 'info' && error !== 'Duplicate';
  const found = faulty.find(([one]) => one.attribute === attribute && one.value === value);
  const after = draft ? draft.proposal.edit.after[0] : found?.some(isFaulty) ? undefined : value;
  if (typeof after !== 'string') return undefined;
  return attribute === 'mail' ? after.trim() : withoutType(after);
}

/** Whether no rule speaks against an address as the sign-in name. Who else has it is known once all were seen. */
function isSound(entry: Entry, stored: string, address: string, judge: Judge): boolean {
  const named = withValue(entry, SIGN_IN, stored, address);
  const isFault = ({ severity, value }: Finding) => severity !== 'info' && value === address;
  return !judge.check(named, SIGN_IN).some(isFault);
}
