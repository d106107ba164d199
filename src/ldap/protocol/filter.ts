import { EqualityFilter, type Filter, FilterParser, OrFilter } from 'ldapts';
import { ExpectedError } from '../../errors.js';
import { printable } from '../../text/printable.js';

export type { Filter };

/** Reads a filter (RFC 4515). Throws ExpectedError naming it when it is malformed. */
export function parseFilter(text: string): Filter {
  // ldapts takes one whose brackets are not all closed.
  if (!isBalanced(text)) throw malformed(text);
  try {
    // ldapts takes \c3\a9 for two characters and would search for Ã©.
    return FilterParser.parseString(text.replace(/(?:\\[89a-f][0-9a-f])+/gi, decodeEscapes));
  } catch {
    throw malformed(text);
  }
}

function malformed(text: string): ExpectedError {
  return new ExpectedError(
    `The filter is malformed, or asks for bytes that are no text: ${printable(text.slice(0, 200))}`,
    (nameOf) =>
      `Write ${nameOf('filter')} as in (department=Sales), with \\28 \\29 \\2a \\5c for ( ) * \\ in a value.`,
  );
}

/**
 * Whether every bracket is closed, and nothing stands behind the one that closes the first: in a value they are
 * escaped.
 */
function isBalanced(text: string): boolean {
  const isBracketed = text.startsWith('(');
  let open = 0;
  for (const [at, character] of [...text].entries()) {
    if (isBracketed && at > 0 && open === 0) return false;
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
  }
  return open === 0;
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
