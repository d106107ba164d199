import punycode from 'punycode/punycode.js';
import { parse } from 'tldts';
import { remembered } from '../tables/memo.js';
import { UNSEEN } from '../text/characters.js';

/** Suffixes that the public list holds, yet nobody can verify in a tenant (RFC 3172, RFC 7686). */
const NOT_FOR_MAIL = new Set(['arpa', 'onion']);

const ASCII = /^\p{ASCII}*$/u;

/** Longer text is no domain name, in whatever script; punycode needs the square of its length. */
const CONVERTIBLE = 1000;

/** The longest domain name and the longest label of one, in ASCII characters (RFC 1035 2.3.4). */
export const MAX_DOMAIN = 253;
export const MAX_LABEL = 63;

/** A label of a host name: letters, digits and hyphens, none of these at its ends (RFC 1123 2.1). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Lower-case ASCII form of a domain name: international labels become punycode (RFC 3492). */
export function asciiDomain(domain: string): string {
  const lower = domain.toLowerCase();
  if (ASCII.test(lower) || lower.length > CONVERTIBLE) return lower;
  return punycode.toASCII(lower.normalize('NFKC').toLowerCase());
}

/** Whether a domain is written as four numbers: an address of a machine, not a name. */
export function isIpv4(domain: string): boolean {
  return IPV4.test(domain);
}

/** Whether a domain is well-formed as a host name, in its own letters or as `xn--…`. */
export const isHostName: (domain: string) => boolean = remembered((domain) => {
  const ascii = asciiDomain(domain);
  // Punycode would encode a character that nobody sees like any other.
  if (ascii.length > MAX_DOMAIN || isIpv4(ascii) || UNSEEN.test(domain)) return false;
  return ascii.split('.').every((label) => label.length <= MAX_LABEL && LABEL.test(label));
});

/**
 * Whether a domain can exist on the public internet: a registrable name under a suffix that ICANN delegated.
 * Only such a domain can be verified in a tenant (facts UPN-10, MAIL-5).
 */
export const isRoutable: (domain: string) => boolean = remembered((domain) => {
  const {
    domain: registrable,
    isIcann,
    publicSuffix,
  } = parse(asciiDomain(domain), {
    allowPrivateDomains: false,
    extractHostname: false,
  });
  return (
    isIcann === true &&
    registrable !== null &&
    !NOT_FOR_MAIL.has(publicSuffix?.split('.').at(-1) ?? '')
  );
});
