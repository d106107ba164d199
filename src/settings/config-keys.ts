import type { NameOf } from '../errors.js';
import type { Setting } from '../model/setting.js';

const KEYS = {
  baseline: 'baseline',
  bindDn: 'bindDn',
  keep: 'keep',
  mapSuffix: 'suffixMap',
  memberLimit: 'memberLimit',
  password: 'passwordFile',
  verifiedDomains: 'verifiedDomains',
} as const satisfies Partial<Record<Setting, string>>;

/** The settings that a configuration file may hold, each by its key. */
export const CONFIG_KEYS: Readonly<Partial<Record<Setting, (typeof KEYS)[keyof typeof KEYS]>>> =
  KEYS;

/** As the configuration file calls it. */
export const asKey: NameOf = (setting) => CONFIG_KEYS[setting] ?? setting;
