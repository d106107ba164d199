import { ExpectedError } from '../errors.js';
import { asciiDomain, isRoutable } from '../mail/domain-name.js';
import type { Criterion, Settings, SuffixMapping } from '../model/rule.js';
import { KEEP_ORDER } from '../remediation/plan/keeper.js';

/** What a person may choose for a scan; what is left out has its default. */
export interface Choices {
  readonly profile?: Settings['profile'] | undefined;
  readonly loginAttribute?: Settings['loginAttribute'] | undefined;
  /** Domain names; undefined when nobody said which are verified. */
  readonly verifiedDomains?: readonly string[] | undefined;
  readonly memberLimit?: number | undefined;
  readonly mapSuffix?: readonly string[] | undefined;
  readonly signInName?: Settings['signInName'] | undefined;
  /** Criteria with commas between them. */
  readonly keep?: string | undefined;
  readonly matchUsersBy?: Settings['matchUsersBy'] | undefined;
}

/** The limit of the present sync endpoint (fact L-8). */
const MEMBER_LIMIT = 250_000;

/** Checks what a person chose and turns it into the settings of a scan. */
export function settingsFrom(choices: Choices = {}): Settings {
  const { memberLimit = MEMBER_LIMIT, verifiedDomains } = choices;
  if (!Number.isSafeInteger(memberLimit) || memberLimit < 1)
    throw new ExpectedError(
      (nameOf) => `${nameOf('memberLimit')} must be a whole number from 1 on.`,
      'Leave it out for 250000.',
    );
  return {
    profile: choices.profile ?? 'default',
    loginAttribute: choices.loginAttribute ?? 'userPrincipalName',
    verifiedDomains: verifiedDomains && new Set(verifiedDomains.map(parseDomain)),
    memberLimit,
    suffixMap: parseSuffixMap(choices.mapSuffix ?? []),
    signInName: choices.signInName,
    keep: parseKeep(choices.keep),
    matchUsersBy: choices.matchUsersBy ?? 'none',
  };
}

function parseKeep(text: string | undefined): readonly Criterion[] {
  if (text === undefined) return KEEP_ORDER;
  return text.split(',').map((word) => {
    const criterion = KEEP_ORDER.find((known) => known === word.trim().toLowerCase());
    if (criterion) return criterion;
    throw new ExpectedError(
      (nameOf) => `${nameOf('keep')} does not know "${word.trim()}".`,
      `Give some of ${KEEP_ORDER.join(', ')}, the most important first.`,
    );
  });
}

function parseDomain(text: string): string {
  const domain = asciiDomain(text.trim().replace(/^@/, '').replace(/\.$/, ''));
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) return domain;
  throw new ExpectedError(
    (nameOf) => `${nameOf('verifiedDomains')} names "${text}", which is no domain name.`,
    'Give each domain by itself, as contoso.com.',
  );
}

function parseSuffixMap(texts: readonly string[]): readonly SuffixMapping[] {
  const suffixMap = texts.map(parseSuffixMapping);
  const twice = suffixMap.find(({ from, to }, at) =>
    suffixMap.slice(0, at).some((other) => other.from === from && other.to !== to),
  );
  if (twice)
    throw new ExpectedError(
      (nameOf) => `${nameOf('mapSuffix')} maps "${twice.from}" to two domains.`,
      'Keep one of the two mappings.',
    );
  return suffixMap;
}

/** Reads `old=new`; both sides may start with `@`, and `old` may be `*.domain` for a whole subtree. */
export function parseSuffixMapping(text: string): SuffixMapping {
  const [from = '', to = '', ...rest] = text
    .split('=')
    .map((side) => asciiDomain(side.trim().replace(/^@/, '').replace(/\.$/, '')));
  if (!from || !to || rest.length > 0)
    throw new ExpectedError(
      (nameOf) => `${nameOf('mapSuffix')} has "${text}", which is no suffix mapping.`,
      'A mapping is an old domain and a new one: contoso.local=contoso.com.',
    );
  if (!isRoutable(to))
    throw new ExpectedError(
      (nameOf) =>
        `${nameOf('mapSuffix')} would move values to "${to}", which is no domain of the public internet.`,
      'Name a domain that your organisation owns and can verify in Microsoft 365.',
    );
  return { from, to };
}
