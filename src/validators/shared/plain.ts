import type { Value } from '../../model.js';

/** Longer values are looked at by every rule: no part of a shorter one exceeds a limit of its form. */
export const LONGEST_PLAIN = 64;

/** The form that nearly all values of an attribute have: the state in which the automaton starts to read it. */
export type Form = number;

/** The automaton reads ASCII; from state 0 there is no way back. */
const CODES = 128;
const MOST_STATES = 32;
const moves = new Uint8Array(MOST_STATES * CODES);
const isEnd = new Uint8Array(MOST_STATES);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

let states = 0;

function state(): number {
  states += 1;
  return states;
}

function move(from: number, characters: string, to: number): void {
  for (const character of characters) moves[from * CODES + character.charCodeAt(0)] = to;
}

/** Words of letters and digits with one separator between two. */
function words(separators: string) {
  const [start, word] = [state(), state()];
  move(start, LETTERS + DIGITS, word);
  move(word, LETTERS + DIGITS, word);
  move(word, separators, start);
  return { start, word };
}

/** A domain, from what comes after the `@`: words, the last of them letters that follow a dot. */
function domain(): number {
  const { start, word } = words('-');
  const [dot, top] = [state(), state()];
  move(word, '.', dot);
  move(dot, LETTERS, top);
  move(dot, DIGITS, word);
  move(top, LETTERS, top);
  move(top, DIGITS, word);
  move(top, '.', dot);
  move(top, '-', start);
  isEnd[top] = 1;
  return start;
}

function address(): Form {
  const { start, word } = words('._-');
  move(word, '@', domain());
  return start;
}

/** The form behind a prefix in one of two spellings. */
function behind(prefixes: readonly string[], form: Form): Form {
  const start = state();
  for (const prefix of prefixes) {
    let at = start;
    for (const character of prefix.slice(0, -1)) {
      const next = state();
      move(at, character, next);
      at = next;
    }
    move(at, prefix.slice(-1), form);
  }
  return start;
}

function wordsAlone(separators: string): Form {
  const { start, word } = words(separators);
  isEnd[word] = 1;
  return start;
}

const BARE = address();
const TYPED = behind(['SMTP:', 'smtp:'], BARE);
const ALIAS = wordsAlone('_-');
const NAME = wordsAlone(' -');

const FORMS: ReadonlyMap<string, Form> = new Map([
  ['userPrincipalName', BARE],
  ['mail', BARE],
  ['proxyAddresses', TYPED],
  ['targetAddress', TYPED],
  ['mailNickname', ALIAS],
  ['sAMAccountName', ALIAS],
]);

/** The plain form of an attribute, spelled as in the profile. */
export function formOf(attribute: string): Form {
  return FORMS.get(attribute) ?? NAME;
}

/**
 * Whether a value in bytes is plain: text of the form that nearly all values have, in which no rule on characters or
 * form can find a fault. One look in place of a dozen: most rules need not be asked about most entries.
 */
export function isPlain(form: Form, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > LONGEST_PLAIN) return false;
  let now = form;
  for (let at = from; at < to; at += 1) {
    const code = bytes[at] as number;
    if (code >= CODES) return false;
    now = moves[now * CODES + code] as number;
  }
  return isEnd[now] === 1;
}

/** The same of all values of an attribute. */
export function arePlain(attribute: string, values: readonly Value[]): boolean {
  const form = formOf(attribute);
  return values.every((value) => {
    if (typeof value !== 'string' || value.length > LONGEST_PLAIN) return false;
    const bytes = Buffer.from(value, 'utf8');
    return isPlain(form, bytes, 0, bytes.length);
  });
}
