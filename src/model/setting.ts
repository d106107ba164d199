/**
 * What a person can choose, by the name of the library's option. The command line calls it by a flag and the
 * configuration file by a key: commands/flags/setting-names.ts and settings/config-keys.ts hold their names.
 */
export type Setting =
  | 'allowPlaintext'
  | 'baseline'
  | 'bases'
  | 'bindDn'
  | 'ca'
  | 'concurrency'
  | 'filter'
  | 'fromIncomplete'
  | 'journal'
  | 'jsonl'
  | 'keep'
  | 'limit'
  | 'mapSuffix'
  | 'maxChanges'
  | 'maxFailures'
  | 'memberLimit'
  | 'pageSize'
  | 'password'
  | 'photos'
  | 'startTls'
  | 'untilBreak'
  | 'verifiedDomains';
