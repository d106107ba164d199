import { expect, test } from '@jest/globals';
import type { CommandBody, FlagsOf, OptionTable } from '../../src/commands/command-body.js';
import { EXIT } from '../../src/errors.js';

const OPTIONS = {
  'max-failures': { type: 'number', default: 10 },
  'bind-dn': { type: 'string', array: true },
  only: { type: 'string', array: true, choices: ['safe'] },
  ca: { type: 'string' },
} as const satisfies OptionTable;

test('what a command takes is what its options give: the compiler says so', () => {
  const given = { maxFailures: 1, bindDn: ['a'], only: ['safe' as const], ca: undefined };
  const flags: FlagsOf<typeof OPTIONS> = given;
  // @ts-expect-error: an option with a default is always there.
  const missing: FlagsOf<typeof OPTIONS> = { ...given, maxFailures: undefined };
  const about = { positionals: {}, options: OPTIONS, examples: [], epilogue: '' };
  const honest: CommandBody<Record<never, never>, typeof OPTIONS> = {
    ...about,
    run: async ({ maxFailures }: { readonly maxFailures: number }) =>
      maxFailures === 1 ? EXIT.ok : EXIT.partial,
  };
  const lying: CommandBody<Record<never, never>, typeof OPTIONS> = {
    ...about,
    // @ts-expect-error: the option is a number.
    run: async ({ maxFailures }: { readonly maxFailures: string }) =>
      maxFailures === '1' ? EXIT.ok : EXIT.partial,
  };
  expect([honest, lying].map(({ options }) => options)).toEqual([OPTIONS, OPTIONS]);
  expect(missing).not.toEqual(flags);
});
