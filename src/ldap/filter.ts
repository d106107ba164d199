import { EqualityFilter, type Filter, FilterParser, OrFilter } from 'ldapts';
import { ExpectedError } from '../errors.js';
import { printable } from '../printable.js';

export type { Filter };

/** Reads a filter (RFC 4515). Throws ExpectedError naming it when it is malformed. */
export function parseFilter(text: string): Filter {
  try {
    // ldapts takes \c3\a9 for two characters and would search for Ã©.
    return FilterParser.parseString(text.replace(/(?:\\[89a-f][0-9a-f])+/gi, decodeEscapes));
  } catch {
    throw new ExpectedError(
      `The filter is malformed: ${printable(text.slice(0, 200))}`,
      'Write --filter as in (department=Sales), with \\28 \\29 \\2a \\5c for ( ) * \\ in a value.',
    );
  }
}

/** That an attribute has a value. */
export interface Assertion {
  readonly attribute: string;
  readonly value: string | Uint8Array;
}

/** Entries for which one of the assertions holds. */
export function anyOf(assertions: readonly Assertion[]): Filter {
  const filters = assertions.map(
    ({ attribute, value }) => new EqualityFilter({ attribute, value: Buffer.from(value) }),
  );
  return new OrFilter({ filters });
}

function decodeEscapes(escapes: string): string {
  const bytes = Buffer.from(escapes.replaceAll('\\', ''), 'hex');
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** A value as it stands in a filter (RFC 4515 3): nothing in it can end the assertion or widen it. */
export function escapeFilterValue(value: string): string {
  return value.replace(/[\\*()\0]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\${code}`;
  });
}
