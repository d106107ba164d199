import { dirname, isAbsolute, join } from 'node:path';
import { ExpectedError } from '../../errors.js';
import type { Io } from '../../files/io.js';
import { MissingFileError, readInputText } from '../../files/read-input.js';
import { isLdapUrl } from '../../ldap/format/ldap-url.js';
import type { Config } from '../../settings/config-file.js';
import type { Choices } from '../../settings/settings.js';
import { printable } from '../../text/printable.js';
import { readDomains } from './passwords.js';
import type { ReadFlags } from './read-flags.js';
import { asChosen } from './setting-names.js';

/** The file that is read from the current folder where nobody names another. */
export const CONFIG_FILE = 'presync.config.json';

/** Flags of a command that reads, with what the file says where they are silent. */
export type Configured<Flags> = Flags & { readonly source: readonly string[] };

interface ConfigurableFlags extends ReadFlags {
  readonly config?: string | undefined;
  readonly source?: readonly string[] | undefined;
}

/**
 * Runs what goes by the configuration file, if there is one. A failure that speaks of a setting names the place where
 * it was chosen: the file, or a flag.
 */
export async function withConfig<T>(
  typed: { readonly config?: string | undefined },
  io: Io,
  run: (config: Config, io: Io) => Promise<T>,
): Promise<T> {
  const path = typed.config ?? CONFIG_FILE;
  const config = await readConfig(path, typed.config !== undefined, io);
  const nameOf = asChosen(typed, { path, config });
  try {
    return await run(config, { ...io, nameOf });
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { message, hint } = error.worded(nameOf);
    throw new ExpectedError(message, hint, error.exitCode);
  }
}

/** Reads the configuration file, if there is one, and says so; its paths become relative to the current folder. */
async function readConfig(path: string, mustExist: boolean, io: Io): Promise<Config> {
  const json = await readInputText(path, 'configuration file').catch((error: unknown) => {
    if (!mustExist && error instanceof MissingFileError) return undefined;
    throw error;
  });
  if (json === undefined) return {};
  // Loaded only here: no other command, and no help text, waits for it.
  const { parseConfig } = await import('../../settings/config-file.js');
  const parsed = parseConfig(json);
  if ('problems' in parsed) throw unusable(path, parsed.problems, io);
  io.err(`Configuration: ${printable(path)}\n`);
  return withPaths(parsed.config, dirname(path));
}

/** All problems are told, one a line; the last one is the failure itself. */
function unusable(path: string, problems: readonly string[], io: Io): ExpectedError {
  for (const problem of problems.slice(0, -1))
    io.err(`presync: ${printable(`${path}: ${problem}`)}\n`);
  return new ExpectedError(
    `${path}: ${problems.at(-1)}`,
    'Correct the file; docs/presync.config.schema.json says what it may hold.',
  );
}

function withPaths(config: Config, folder: string): Config {
  const beside = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const { sources, passwordFile, baseline } = config;
  return {
    ...config,
    sources: sources?.map((source) => (isLdapUrl(source) ? source : beside(source))),
    passwordFile: passwordFile && list(passwordFile).map(beside),
    baseline: baseline && beside(baseline),
  };
}

/** Sources and account: a flag takes the place of what the file says. */
export function withSources<Flags extends ConfigurableFlags>(
  flags: Flags,
  config: Config,
): Configured<Flags> {
  const source = flags.source?.length ? flags.source : (config.sources ?? []);
  if (source.length === 0)
    throw new ExpectedError(
      'No source is named.',
      'Name an LDAP URL (ldaps://dc1.contoso.com), an LDIF file or - for standard input.',
    );
  if (flags.bindDn !== undefined) return { ...flags, source };
  // The password of the file is that of its own account: no other one is tried with it.
  const bindDn = config.bindDn && list(config.bindDn);
  const passwordFile = flags.passwordFile ?? (bindDn && config.passwordFile);
  return { ...flags, source, bindDn, passwordFile: passwordFile && list(passwordFile) };
}

/** What a person may say about judging and proposing on the command line. */
export interface ChoiceFlags extends Omit<Choices, 'verifiedDomains'> {
  readonly verifiedDomains?: string | undefined;
}

/** How to judge and what to propose: a flag takes the place of what the file says. */
export async function choicesFrom(flags: ChoiceFlags, config: Config): Promise<Choices> {
  const named = await readDomains(flags.verifiedDomains);
  const suffixes = config.suffixMap && Object.entries(config.suffixMap);
  return {
    profile: flags.profile ?? config.profile,
    loginAttribute: flags.loginAttribute ?? config.loginAttribute,
    verifiedDomains: named ?? config.verifiedDomains,
    memberLimit: flags.memberLimit ?? config.memberLimit,
    mapSuffix: flags.mapSuffix ?? suffixes?.map((sides) => sides.join('=')),
    signInName: flags.signInName ?? config.signInName,
    keep: flags.keep ?? config.keep?.join(),
    matchUsersBy: flags.matchUsersBy ?? config.matchUsersBy,
  };
}

function list(one: string | readonly string[]): readonly string[] {
  return typeof one === 'string' ? [one] : one;
}
