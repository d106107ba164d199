import type { ConnectionFlags } from '../flags/connection.js';

/** A command to type next, as a shell takes it. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // Between single quotes a shell takes nothing for a variable or a command; cmd knows the double ones only.
  return /[$`"!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}

/** The flags with which a directory was reached, to reach it once more. */
export function connectionWords(flags: ConnectionFlags): readonly string[] {
  const { bindDn = [], passwordFile = [], startTls, ca, insecure, allowPlaintext } = flags;
  return [
    ...bindDn.flatMap((account) => ['--bind-dn', account]),
    ...passwordFile.flatMap((file) => ['--password-file', file]),
    ...(startTls ? ['--start-tls'] : []),
    ...(ca === undefined ? [] : ['--ca', ca]),
    ...(insecure ? ['--insecure'] : []),
    ...(allowPlaintext ? ['--allow-plaintext'] : []),
  ];
}
