import type { Elsewhere } from '../../jobs/limits.js';
import { isLdapUrl, parseLdapUrl } from '../../ldap/format/ldap-url.js';
import type { JournalHeader } from '../../remediation/run/journal.js';
import { printable } from '../../text/printable.js';

/** Gives the command that does at another server what was asked of this one, by the URL of that server. */
export type CommandAt = (url: string) => string;

/**
 * What to type for each part of the tree that another server holds, one line each.
 *
 * @param url of the server that was asked.
 * @param known URLs of servers that were heard of.
 */
export function elsewhereLines(
  rows: Elsewhere['rows'],
  commandAt: CommandAt,
  url: string,
  known: readonly string[] = [],
): readonly string[] {
  const urlOf = (part: string) => known.find((one) => isOf(one, part)) ?? domainUrl(part, url);
  return [...rows.keys()].map((part) => lineFor(part, urlOf(part), commandAt));
}

/** The same for the changes of a journal, which names the server that carried them out. */
export function journalLines(
  rows: Elsewhere['rows'],
  commandAt: CommandAt,
  url: string,
  { target }: Pick<JournalHeader, 'target'>,
): readonly string[] {
  const isKnown = isLdapUrl(target) && target !== parseLdapUrl(url).url;
  if (!isKnown) return elsewhereLines(rows, commandAt, url);
  return [lineFor([...rows.keys()].join(' and '), target, commandAt)];
}

function lineFor(part: string, url: string | undefined, commandAt: CommandAt): string {
  const what = url && commandAt(url);
  return printable(`For ${part}: ${what ?? 'the same with the URL of the server that holds it'}`);
}

/** Whether a URL names a host of a domain, or the domain itself. */
function isOf(url: string, domain: string): boolean {
  const host = /^ldaps?:\/\/([^/:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return host === domain || host.replace(/^[^.]*\./, '') === domain;
}

/** The domain as a server of itself, reached as this one was; undefined where its name is none of DNS. */
function domainUrl(part: string, url: string): string | undefined {
  const scheme = /^ldaps:/i.test(url) ? 'ldaps' : 'ldap';
  return /^[\p{L}\p{N}._-]+$/u.test(part) ? `${scheme}://${part}` : undefined;
}
