import type { ArgumentTable, OptionTable } from '../command-body.js';

/** One value for each time the flag is given. */
export const REPEATABLE = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;
export const TEXT = { type: 'string', requiresArg: true } as const;

/** Entries a page unless told otherwise: as many as Active Directory gives at most. */
export const PAGE_SIZE = 1000;

const READING = { group: 'What to read:' } as const;

export const CONFIG = {
  ...TEXT,
  ...READING,
  describe: 'Configuration; presync.config.json of this folder unless set',
} as const;

/** What to read of the sources: the same for every command that reads. */
export const READING_OPTIONS = {
  config: CONFIG,
  base: { ...REPEATABLE, ...READING, describe: 'Read only below this DN (repeatable)' },
  filter: { ...TEXT, ...READING, describe: 'Read only entries that match this LDAP filter too' },
  'page-size': {
    type: 'number',
    requiresArg: true,
    default: PAGE_SIZE,
    ...READING,
    describe: 'Entries a page; fewer are answered sooner',
  },
} as const satisfies OptionTable;

export const SOURCES = {
  source: {
    type: 'string',
    array: true,
    defaultDescription: 'as configured',
    describe: 'LDAP URL, LDIF file (*.ldif, *.ldf, *.gz) or - for standard input',
  },
} as const satisfies ArgumentTable;
