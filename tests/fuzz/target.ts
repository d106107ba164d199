import { ExpectedError } from '../../src/errors.js';
import { settingsFrom } from '../../src/settings/settings.js';
import type { Random } from './mutate.js';

/** What came of a mutated input: refused with words for a person, taken in part with a word on what is missing or odd, or taken. */
export const FATES = ['refused', 'told', 'taken'] as const;

export type Fate = (typeof FATES)[number];

/** Feeds one mutated input; throws where it is not told for what it is. */
export type Target = (random: Random) => Promise<Fate>;

/** The settings of all that is scanned and judged here. */
export const settings = settingsFrom({ mapSuffix: ['contoso.local=contoso.com'] });

/** Refusals are foreseen; anything else is a fault of presync. */
export async function fateOf(act: () => Promise<Fate>): Promise<Fate> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ExpectedError) return 'refused';
    throw error;
  }
}

/** Bytes as a file gives them, in one or two pieces. */
export async function* chunked(bytes: Uint8Array, cut = 0): AsyncGenerator<Uint8Array> {
  if (cut > 0) yield bytes.subarray(0, cut);
  yield bytes.subarray(cut);
}

/** Does something once, when it is first asked for. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
