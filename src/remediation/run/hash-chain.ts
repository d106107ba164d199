import { hash } from 'node:crypto';

/** The last member of each line of a journal: `,"hash":"` and 64 hex digits and `"}`. */
const MEMBER = ',"hash":"';
const TAIL = MEMBER.length + 64 + '"}'.length;

/** Chains lines, each by a hash (SHA-256) of its own text and the hash of the line before; the first one has none before it. */
export interface HashChain {
  /** The JSON text of a record, in ASCII, with its hash as the last member. */
  chained(record: string): string;
  /** Whether a line follows the one that was checked before it, unchanged. */
  follows(line: Buffer): boolean;
}

export function hashChain(): HashChain {
  let previous = '';
  return {
    chained(record) {
      const body = record.slice(0, -1);
      previous = hash('sha256', previous + body, 'hex');
      return `${body}${MEMBER}${previous}"}`;
    },
    follows(line) {
      // A line that is not in ASCII was not written so, and is no other one's text here either.
      const text = line.toString('latin1');
      const body = text.slice(0, -TAIL);
      const own = hash('sha256', previous + body, 'hex');
      if (text.slice(body.length) !== `${MEMBER}${own}"}`) return false;
      previous = own;
      return true;
    },
  };
}
