import type { ErrorWord } from '../model/finding.js';
import type { Fix } from '../model/rule.js';
import { listCharacters } from '../text/characters.js';
import type { Address } from './address.js';
import { asciiDomain, isIpv4, MAX_DOMAIN, MAX_LABEL } from './domain-name.js';

/** Longest part before the `@` (RFC 5321 4.5.3.1.1). */
const MAX_LOCAL = 64;

/** What is wrong with the form of an address. */
export interface FormFault {
  readonly error: Extract<ErrorWord, 'Format' | 'LocalPart' | 'DomainPart'>;
  /** A superfluous dot that is not the last character, a part that is too long, or anything else. */
  readonly kind: 'dot' | 'length' | 'other';
  /** The end of a sentence. */
  readonly clause: string;
}

/** An address literal such as `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 4.1.3). */
const LITERAL = /^\[(?:[\d.]+|ipv6:[\da-f:.]+)\]$/i;

const HYPHEN_AT_END = /(?:^|\.)-|-(?:\.|$)/;

/** ASCII characters that can be seen and are not for names (RFC 5322 3.2.3), and those not for domains either. */
const NOT_IN_NAMES = ['"', '(', ')', ',', ':', ';', '<', '>', '[', '\\', ']'];
const NOT_IN_DOMAINS = [..."!#$%&'*+/=?^_`{|}~", ...NOT_IN_NAMES];

/**
 * What is wrong with an address: one fault of the whole, or else one at most of each part, the first that explains.
 * @param elsewhere whether another rule judges a character in a part of the address.
 */
export function formFaults(
  { text, local, domain = '' }: Address,
  elsewhere: (character: string, part: 'local' | 'domain') => boolean,
): readonly FormFault[] {
  const whole = wholeFault(text);
  if (whole) return [{ error: 'Format', kind: 'other', clause: whole }];
  const inLocal = localFault(local, (character) => elsewhere(character, 'local'));
  const inDomain = domainFault(domain, (character) => elsewhere(character, 'domain'));
  return [inLocal ?? [], inDomain ?? []].flat();
}

function wholeFault(address: string): string | undefined {
  const first = address.indexOf('@');
  if (first < 0) return 'it has no @';
  if (address.startsWith('"') && address.lastIndexOf('"@') > 0)
    return 'the part before the @ is a quoted string, which the cloud does not take';
  return address.includes('@', first + 1) ? 'it has more than one @' : undefined;
}

function localFault(
  local: string,
  elsewhere: (character: string) => boolean,
): FormFault | undefined {
  const fault = (clause: string, kind: FormFault['kind'] = 'other'): FormFault => ({
    error: 'LocalPart',
    kind,
    clause: `the part before the @ ${clause}`,
  });
  if (local === '') return fault('is missing');
  // A dot at the end is the one that is documented (UPN-8).
  if (local.endsWith('.')) return fault('ends with a dot');
  if (local.startsWith('.')) return fault('begins with a dot', 'dot');
  if (local.includes('..')) return fault('has two dots together', 'dot');
  const unfit = NOT_IN_NAMES.find((c) => local.includes(c) && !elsewhere(c));
  if (unfit) return fault(`has ${listCharacters([unfit])}, which is not for names`);
  return local.length > MAX_LOCAL
    ? fault(`has ${local.length} characters, where ${MAX_LOCAL} is the limit`, 'length')
    : undefined;
}

function domainFault(
  domain: string,
  elsewhere: (character: string) => boolean,
): FormFault | undefined {
  const fault = (clause: string, kind: FormFault['kind'] = 'other'): FormFault => ({
    error: 'DomainPart',
    kind,
    clause: `the domain after the @ ${clause}`,
  });
  if (domain === '') return fault('is missing');
  const ascii = asciiDomain(domain);
  if (LITERAL.test(ascii) || isIpv4(ascii)) return fault('is an IP address');
  if (ascii.endsWith('.')) return fault('ends with a dot');
  if (ascii.startsWith('.')) return fault('begins with a dot');
  if (ascii.includes('..')) return fault('has two dots together');
  const unfit = NOT_IN_DOMAINS.find((c) => domain.includes(c) && !elsewhere(c));
  if (unfit) return fault(`has ${listCharacters([unfit])}, which no host name has`);
  if (HYPHEN_AT_END.test(ascii)) return fault('has a part that begins or ends with a hyphen');
  if (ascii.length > MAX_DOMAIN) return fault(`has more than ${MAX_DOMAIN} characters`, 'length');
  return ascii.split('.').some((label) => label.length > MAX_LABEL)
    ? fault(`has more than ${MAX_LABEL} characters between two dots`, 'length')
    : undefined;
}

/**
 * The address with superfluous dots taken out and a repeated `@` written once; undefined where that is not the way
 * to repair it. Safe where nothing else can have been meant: not for a domain that may have lost a label, and not
 * for a second `@`.
 */
export function repaired(address: string): Fix | undefined {
  const [local = '', domain = '', ...rest] = address.split(/@+/, 3);
  if (rest.length > 0 || local.includes('"')) return undefined;
  const newLocal = withoutSpareDots(local);
  const rooted = domain.endsWith('.') ? domain.slice(0, -1) : domain;
  const newDomain = withoutSpareDots(rooted);
  if (newLocal === '' || newDomain === '') return undefined;
  const isSafe = newDomain === rooted && !address.includes('@@');
  return { value: `${newLocal}@${newDomain}`, ...(isSafe ? {} : { safety: 'review' as const }) };
}

function withoutSpareDots(text: string): string {
  return text.split('.').filter(Boolean).join('.');
}
