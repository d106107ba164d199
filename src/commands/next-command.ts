import type { ConnectionFlags } from './options.js';

/** A command to type next, as a shell takes it. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`;
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
