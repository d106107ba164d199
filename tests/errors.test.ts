import { expect, test } from '@jest/globals';
import { asFlag } from '../src/commands/flags/setting-names.js';
import { connect, ExpectedError, settingsFrom } from '../src/index.js';

const OPTIONS = {
  ...{ url: 'ldaps://127.0.0.1:1', startTls: false, insecure: false, allowPlaintext: false },
  timeoutMs: 1000,
};

async function failureOf(run: () => unknown): Promise<ExpectedError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

test.each<readonly [string, () => unknown, library: RegExp, commands: RegExp]>([
  [
    'StartTLS on ldaps',
    () => connect({ ...OPTIONS, startTls: true }),
    /Leave out startTls, or/,
    /Leave out --start-tls, or/,
  ],
  [
    'an account without password',
    () => connect({ ...OPTIONS, bindDn: 'a@contoso.com' }),
    /Give it with password\./,
    /Give it with --password-file\./,
  ],
  [
    'a domain that is none',
    () => settingsFrom({ verifiedDomains: ['contoso'] }),
    /^verifiedDomains names "contoso"/,
    /^--verified-domains names "contoso"/,
  ],
  [
    'a limit that is none',
    () => settingsFrom({ memberLimit: 0 }),
    /^memberLimit must be/,
    /^--member-limit must be/,
  ],
])('%s is told in the words of whoever asked', async (_, run, library, commands) => {
  const error = await failureOf(run);
  const lines = ({ message, hint }: { readonly message: string; readonly hint: string }) =>
    `${message}\n${hint}`;
  expect(lines(error)).toMatch(library);
  expect(lines(error)).not.toMatch(/--[a-z]/);
  expect(lines(error.worded(asFlag))).toMatch(commands);
});
