import type { OptionTable } from '../command-body.js';

/** How to reach a directory: the same flags for every command that speaks LDAP. */
export const CONNECTION_OPTIONS = {
  'bind-dn': {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'Account: a DN, a UPN or DOMAIN\\user (one, or one for each source)',
    group: 'Connection:',
  },
  'password-file': {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'File with the password; else PRESYNC_PASSWORD, else a prompt',
    group: 'Connection:',
  },
  'start-tls': {
    type: 'boolean',
    default: false,
    describe: 'Encrypt an ldap:// connection with StartTLS',
    group: 'Connection:',
  },
  ca: {
    type: 'string',
    requiresArg: true,
    describe: 'PEM file with a further certificate authority to trust',
    group: 'Connection:',
  },
  insecure: {
    type: 'boolean',
    default: false,
    describe: 'Do not verify the server certificate',
    group: 'Connection:',
  },
  'allow-plaintext': {
    type: 'boolean',
    default: false,
    describe: 'Send the password over an unencrypted connection',
    group: 'Connection:',
  },
} as const satisfies OptionTable;

export const JUDGING = { group: 'How to judge:' } as const;

/** How values are judged: alike by the scan and for what is typed in a review. */
export const JUDGING_OPTIONS = {
  profile: {
    choices: ['default', 'dedicated'],
    ...JUDGING,
    describe: 'dedicated adds what IdFix checked there',
  },
  'login-attribute': {
    choices: ['userPrincipalName', 'mail'],
    defaultDescription: 'userPrincipalName',
    ...JUDGING,
    describe: 'The sign-in name (mail: alternate login ID)',
  },
  'verified-domains': {
    type: 'string',
    requiresArg: true,
    ...JUDGING,
    describe: 'Domains of the tenant: a list with commas, or a file',
  },
} as const satisfies OptionTable;

/** What is one and the same in the cloud: alike for the scan and for a count. */
export const MATCHING_OPTIONS = {
  'match-users-by': {
    choices: ['none', 'mail', 'anchor', 'sid'],
    ...JUDGING,
    describe: 'By what Connect matches users',
  },
} as const satisfies OptionTable;

export interface ConnectionFlags {
  readonly bindDn?: readonly string[] | undefined;
  readonly passwordFile?: readonly string[] | undefined;
  readonly startTls: boolean;
  readonly ca?: string | undefined;
  readonly insecure: boolean;
  readonly allowPlaintext: boolean;
}
