import type { NameOf } from '../../errors.js';
import type { Setting } from '../../model/setting.js';
import type { Config } from '../../settings/config-file.js';
import { CONFIG_KEYS } from '../../settings/config-keys.js';

/** What the command line calls a setting: the one table of it. */
const FLAGS: Readonly<Record<Setting, string>> = {
  allowPlaintext: 'allow-plaintext',
  baseline: 'baseline',
  bases: 'base',
  bindDn: 'bind-dn',
  ca: 'ca',
  concurrency: 'concurrency',
  filter: 'filter',
  fromIncomplete: 'from-incomplete',
  journal: 'journal',
  jsonl: 'jsonl',
  keep: 'keep',
  limit: 'limit',
  mapSuffix: 'map-suffix',
  maxChanges: 'max-changes',
  maxFailures: 'max-failures',
  memberLimit: 'member-limit',
  pageSize: 'page-size',
  password: 'password-file',
  photos: 'photos',
  startTls: 'start-tls',
  untilBreak: 'until-break',
  verifiedDomains: 'verified-domains',
};

export const SETTINGS = Object.keys(FLAGS) as readonly Setting[];

/** As a person types it. */
export const asFlag: NameOf = (setting) => `--${FLAGS[setting]}`;

/** A configuration file that was read. */
export interface NamedConfig {
  readonly path: string;
  readonly config: Config;
}

/** As the person wrote it who chose it: in the file what it says and no flag overrules, as a flag all else. */
export function asChosen(typed: object, { path, config }: NamedConfig): NameOf {
  const given = new Map<string, unknown>(Object.entries(typed));
  return (setting) => {
    const key = CONFIG_KEYS[setting];
    // The password of the file is that of its own account.
    const overruling = setting === 'password' ? [setting, 'bindDn' as const] : [setting];
    const isTyped = overruling.some((one) => given.get(FLAGS[one]) !== undefined);
    return key === undefined || config[key] === undefined || isTyped
      ? asFlag(setting)
      : `${key} in ${path}`;
  };
}
