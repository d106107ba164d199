import punycode from 'punycode/punycode.js';
import { parse } from 'tldts';

/** Suffixes that the public list holds, yet nobody can verify in a tenant (RFC 3172, RFC 7686). */
const NOT_FOR_MAIL = new Set(['arpa', 'onion']);

const ASCII = /^\p{ASCII}*$/u;

/** Lower-case ASCII form of a domain name: international labels become punycode (RFC 3492). */
export function asciiDomain(domain: string): string {
  const lower = domain.toLowerCase();
  return ASCII.test(lower) ? lower : punycode.toASCII(lower.normalize('NFKC'));
}

/**
 * Whether a domain can exist on the public internet: a registrable name under a suffix that ICANN delegated.
 * Only such a domain can be verified in a tenant (facts UPN-10, MAIL-5).
 */
export function isRoutable(domain: string): boolean {
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
}
