import { texts } from '../ldap/format/values.js';
import type { Entry } from '../model/entry.js';
import type { Claim, Settings } from '../model/rule.js';
import { lastRemembered } from '../tables/memo.js';
import { seen, trimUnseen } from '../text/characters.js';
import { compare } from '../text/order.js';
import { addressKey, domainOf, isPrimary, isSmtp } from './address.js';
import { repaired } from './address-form.js';
import { readTyped } from './address-type.js';
import { plainLocal } from './ascii-address.js';
import { isRoutable } from './domain-name.js';
import { mappedSuffix } from './suffix-map.js';

/** A mail address among the values of proxyAddresses. */
export interface ProxyAddress {
  readonly value: string;
  /** The address without its type, even a doubled one, and without blanks around it. */
  readonly address: string;
  /** Equal for two addresses that are one to the cloud. */
  readonly key: string;
  readonly isPrimary: boolean;
  /** Whether it has the type SMTP; an address without any type would have it if it were repaired. */
  readonly isTyped: boolean;
}

/** What an entry and the choices of a scan say about which of its addresses matters most. */
export interface Owner {
  readonly entry: Entry;
  readonly settings: Settings;
}

const BARE = /^[^\s@:;,<>()[\]"\\/]+@[^\s@:;,<>()[\]"\\/]+$/;

/** What a repaired address has not, besides what nobody sees (fact PRX-3). */
const UNFIT = /[<>();,[\]"]/g;

/** Longest value of proxyAddresses that Active Directory stores (fact PRX-1). */
const LONGEST = 1123;

/** Reads the mail address in one value; undefined for other address types, and where there is none. */
export function readProxyAddress(value: string): ProxyAddress | undefined {
  const typed = readTyped(value);
  const isTyped = typed?.type === 'smtp';
  const address = isTyped ? withoutTypes(typed.rest) : trimUnseen(value);
  if (address === '' || !(isTyped || BARE.test(address))) return undefined;
  return {
    value,
    address,
    key: addressKey(address),
    isPrimary: isPrimary(trimUnseen(value)),
    isTyped,
  };
}

function withoutTypes(rest: string): string {
  let address = trimUnseen(rest);
  while (isSmtp(address)) address = trimUnseen(address.slice('smtp:'.length));
  return address;
}

/** The mail addresses in proxyAddresses, each spelling once. */
export const proxyAddresses: (entry: Entry) => readonly ProxyAddress[] = lastRemembered((entry) => {
  const addresses: ProxyAddress[] = [];
  for (const value of new Set(texts(entry, 'proxyAddresses'))) {
    const own = readProxyAddress(value);
    if (own) addresses.push(own);
  }
  return addresses;
});

/** Those that are marked as primary: several, where the entry is faulty. */
export function primaryAddresses(entry: Entry): readonly ProxyAddress[] {
  return proxyAddresses(entry).filter((own) => own.isPrimary);
}

/**
 * The address that stays primary: the one equal to mail, else to userPrincipalName, else the first by its text. It
 * does not depend on the order of the values, nor on whether it is repaired or not. Undefined without a primary one.
 */
export function keptPrimary(owner: Owner): ProxyAddress | undefined {
  const primaries = primaryAddresses(owner.entry);
  return primaries.length > 1 ? ranked(primaries, owner)[0]?.own : primaries[0];
}

/** Where there is no primary address, the one that would be: the one equal to mail, else to userPrincipalName. */
export function nextPrimary(owner: Owner): ProxyAddress | undefined {
  const [best] = ranked(proxyAddresses(owner.entry), owner);
  return best && best.anchor < NO_ANCHOR ? best.own : undefined;
}

/** Whether an address is the mail of its entry, to the letter. */
export function isMail({ key }: ProxyAddress, entry: Entry): boolean {
  return key === keyIn(entry, 'mail');
}

/**
 * Whether two addresses become one when they are repaired, and neither is it yet. Which of them is to give way cannot
 * be said before: halfway through its repair each would rank after the other.
 */
export function areUnsettled(a: ProxyAddress, b: ProxyAddress, { settings }: Owner): boolean {
  const address = whenRepaired(a.key, settings);
  return address === whenRepaired(b.key, settings) && a.key !== address && b.key !== address;
}

/** Order of spellings of one address: with a type, without anything to repair, secondary, then by text. */
export function bySpelling(a: ProxyAddress, b: ProxyAddress): number {
  return (
    Number(b.isTyped) - Number(a.isTyped) ||
    Number(isClean(b)) - Number(isClean(a)) ||
    Number(a.isPrimary) - Number(b.isPrimary) ||
    compare(a.value.toLowerCase(), b.value.toLowerCase()) ||
    compare(a.value, b.value)
  );
}

/** Whether nothing about the spelling of an address is to be repaired: its type, blanks, international domain. */
export function isClean({ value, address, key }: ProxyAddress): boolean {
  const isBare = isSmtp(value) && value.length === 'smtp:'.length + address.length;
  return isBare && address.toLowerCase() === key;
}

const NO_ANCHOR = 2;

interface Ranked {
  readonly own: ProxyAddress;
  /** The address as it is once all is repaired. */
  readonly meant: string;
  /** Which attribute it equals then: mail (0), userPrincipalName (1) or neither. */
  readonly anchor: number;
}

function ranked(addresses: readonly ProxyAddress[], { entry, settings }: Owner): readonly Ranked[] {
  const anchors = ['mail', 'userPrincipalName'].map((name) => {
    const key = keyIn(entry, name);
    return key && whenRepaired(key, settings);
  });
  const rankOf = (own: ProxyAddress): Ranked => {
    const address = whenRepaired(own.key, settings);
    const at = anchors.indexOf(address);
    return { own, meant: address, anchor: at < 0 ? NO_ANCHOR : at };
  };
  return addresses.map(rankOf).sort(byRank);
}

/** A value that no repair makes an address ranks last; of two that become one address, the one that is it already. */
function byRank(a: Ranked, b: Ranked): number {
  return (
    a.anchor - b.anchor ||
    Number(BARE.test(b.meant)) - Number(BARE.test(a.meant)) ||
    compare(a.meant, b.meant) ||
    Number(b.own.key === b.meant) - Number(a.own.key === a.meant) ||
    compare(a.own.key, b.own.key) ||
    bySpelling(a.own, b.own)
  );
}

function keyIn(entry: Entry, attribute: string): string | undefined {
  const [text] = texts(entry, attribute);
  return text?.trim() ? addressKey(text) : undefined;
}

/**
 * What an address, given by its key, becomes when its faults are repaired. Each repair sees the other values as they are stored:
 * if a repaired address ranked elsewhere, each of two could give way to the other, and none would stay primary.
 */
export function whenRepaired(key: string, settings: Settings): string {
  if (key.length > LONGEST) return key;
  const bare = seen(key).replace(UNFIT, '');
  const address = repaired(bare)?.value ?? bare;
  const domain = domainOf(address);
  if (!domain) return address;
  const local = address.slice(0, -domain.length - 1);
  const suffix = staysAt(domain, settings)
    ? domain
    : (mappedSuffix(domain, settings.suffixMap) ?? domain);
  return `${plainLocal(local)?.value?.toLowerCase() ?? local}@${suffix}`;
}

/** Whether no rule moves an address away from a domain: one of the internet, and verified where that is known. */
function staysAt(domain: string, { verifiedDomains }: Settings): boolean {
  return isRoutable(domain) && (verifiedDomains?.has(domain) ?? true);
}

/** The address in a value of proxyAddresses. */
export function withoutType(value: string): string {
  return value.slice(value.indexOf(':') + 1).trim();
}

/** Whether the claim is a secondary address only: such a value is what its entry can best do without. */
export function isSecondary({ attribute, value }: Pick<Claim, 'attribute' | 'value'>): boolean {
  return attribute === 'proxyAddresses' && typeof value === 'string' && !isPrimary(value);
}
