import type { OptionTable } from '../command-body.js';

/**
 * A command to type next, as a shell takes it: those of the options that were given, with what was given for them. What
 * says the same as no flag at all is left out.
 */
export function nextCommand(
  command: string,
  positionals: readonly string[],
  options: OptionTable,
  flags: object,
): string {
  return commandLine(['presync', command, ...positionals, ...wordsOf(options, flags)]);
}

/** A command line as a POSIX shell takes it. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** The flags as somebody would type them, in the order of the options. */
export function wordsOf(options: OptionTable, flags: object): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(flags));
  return Object.entries(options).flatMap(([name, option]) => {
    const value = given.get(camelCase(name));
    if (value === undefined || value === false || value === option.default) return [];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => (one === true ? [`--${name}`] : flagWith(name, String(one))));
  });
}

/** A value with a hyphen in front would pass for another flag if it stood by itself. */
function flagWith(name: string, value: string): readonly string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // cmd knows the double ones only; within them a shell looks for variables and commands, and for what a \ stands before.
  return /[$`"!]|\\\\|\\$/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
