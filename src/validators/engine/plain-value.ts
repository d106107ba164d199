/** The form that nearly all values of an attribute have. */
export interface Form {
  /** The state in which the automaton starts to read. */
  readonly start: number;
  /** Longer values are looked at by every rule: no part of one that is no longer exceeds a limit. */
  readonly longest: number;
}

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

function address(): number {
  const { start, word } = words('._-');
  move(word, '@', domain());
  return start;
}

/** The same behind one of some prefixes. */
function behind(prefixes: readonly string[], rest: number): number {
  const start = state();
  for (const prefix of prefixes) {
    let at = start;
    for (const character of prefix.slice(0, -1)) {
      const next = state();
      move(at, character, next);
      at = next;
    }
    move(at, prefix.slice(-1), rest);
  }
  return start;
}

function wordsAlone(separators: string): number {
  const { start, word } = words(separators);
  isEnd[word] = 1;
  return start;
}

const BARE = address();
const TYPED = behind(['SMTP:', 'smtp:'], BARE);
const CALLED = behind(['sip:'], BARE);
const ALIAS = wordsAlone('_-');
const NAME = wordsAlone(' -');

const LONGEST = 64;

/** Most people have 20 characters for their account (SAM-1), and the domain of a sign-in name has 48 (UPN-3). */
const FORMS: ReadonlyMap<string, Form> = new Map([
  ['userPrincipalName', { start: BARE, longest: 48 }],
  ['mail', { start: BARE, longest: LONGEST }],
  ['proxyAddresses', { start: TYPED, longest: LONGEST }],
  ['targetAddress', { start: TYPED, longest: LONGEST }],
  ['msRTCSIP-PrimaryUserAddress', { start: CALLED, longest: LONGEST }],
  ['mailNickname', { start: ALIAS, longest: LONGEST }],
  ['sAMAccountName', { start: ALIAS, longest: 20 }],
  ['postalCode', { start: NAME, longest: 40 }],
]);

const OTHERS: Form = { start: NAME, longest: LONGEST };

/** The plain form of an attribute, spelled as in the profile. */
export function formOf(attribute: string): Form {
  return FORMS.get(attribute) ?? OTHERS;
}

/**
 * Whether a value in bytes is plain: text of the form that nearly all values have, in which no rule on characters or
 * form can find a fault. One look in place of a dozen: most rules need not be asked about most entries.
 */
export function isPlain(form: Form, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > form.longest) return false;
  let now = form.start;
  for (let at = from; at < to; at += 1) {
    const code = bytes[at] as number;
    if (code >= CODES) return false;
    now = moves[now * CODES + code] as number;
  }
  return isEnd[now] === 1;
}
