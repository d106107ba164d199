import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import yargs from 'yargs';
import { applyCommand } from '../../../src/commands/apply.js';
import type { OptionTable } from '../../../src/commands/command-body.js';
import { reviewCommand } from '../../../src/commands/review.js';
import { scanCommand } from '../../../src/commands/scan.js';
import { commandLine, nextCommand, wordsOf } from '../../../src/commands/text/next-command.js';
import { undoCommand } from '../../../src/commands/undo.js';
import { shellWords } from '../../presync.js';

const TABLES = {
  scan: scanCommand.options,
  apply: applyCommand.options,
  undo: undoCommand.options,
  review: reviewCommand.options,
} satisfies Record<string, OptionTable>;

const camelCase = (name: string) =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Anything that somebody may give for a flag: a shell and yargs each have their own ideas of most of it. */
const text = fc.oneof(
  fc.stringMatching(/^[ -~]{1,12}$/),
  fc.constantFrom(
    '-x',
    '--confirm',
    "it's",
    'a b',
    '$HOME',
    '`id`',
    'C:\\x\\',
    '\\\\server\\a b',
    '!!',
    'ü',
    '*',
  ),
);

function valuesOf(option: OptionTable[string]): fc.Arbitrary<unknown> {
  if (option.type === 'boolean') return fc.boolean();
  if (option.type === 'number') return fc.nat(5000);
  const one = option.choices ? fc.constantFrom(...option.choices) : text;
  return option.array ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
}

/** Flags as yargs gives them: what was not given has its default. */
const flagsFor = (options: OptionTable) =>
  fc.record(
    Object.fromEntries(
      Object.entries(options).map(([name, option]) => {
        const usual = fc.constant<unknown>(option.default);
        return [camelCase(name), fc.oneof(usual, valuesOf(option))] as const;
      }),
    ),
  );

function parsed(words: readonly string[], options: OptionTable): Readonly<Record<string, unknown>> {
  const flags: Readonly<Record<string, unknown>> = yargs([...words])
    .options(options)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseSync();
  return Object.fromEntries(
    Object.keys(options).map((name) => [camelCase(name), flags[camelCase(name)]]),
  );
}

test.each(Object.entries<OptionTable>(TABLES))(
  'the words of flags of %s are read as the same flags',
  (_, options) => {
    fc.assert(
      fc.property(flagsFor(options), (flags) => {
        expect(parsed(wordsOf(options, flags), options)).toEqual(flags);
      }),
      { numRuns: 200 },
    );
  },
);

test('a shell takes a command line for the words that it was made of', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
      expect(shellWords(commandLine(words))).toEqual(words);
    }),
    { numRuns: 100 },
  );
});

describe('the next command', () => {
  const flags = {
    bindDn: ['CN=Berg\\, Anna,DC=contoso'],
    startTls: true,
    maxChanges: '500',
    limit: 5,
  };

  test('names only what it takes, and nothing that says the same as no flag', () => {
    expect(nextCommand('undo', ['j.jsonl', 'ldap://dc1'], TABLES.undo, flags)).toBe(
      'presync undo j.jsonl ldap://dc1 --bind-dn "CN=Berg\\, Anna,DC=contoso" --start-tls',
    );
  });

  test('repeats a flag that was repeated, and each value by itself', () => {
    const again = { rule: ['a', 'b'], only: ['safe'], maxChanges: '5%' };
    expect(nextCommand('apply', ['s.csv'], TABLES.apply, again)).toBe(
      'presync apply s.csv --only safe --rule a --rule b --max-changes 5%',
    );
  });
});
