import { createHash } from 'node:crypto';

/**
 * A hash (SHA-256) over the lines of a report, in hex: its last line tells it of all others. Without what an editor, a
 * mail program or a repository changes about a text: its line ends, blanks before these, a byte order mark.
 */
export interface LinesHash {
  add(line: string | Uint8Array): void;
  /** Of all lines so far; none may be added afterwards. */
  value(): string;
}

const MARK = Buffer.from('\uFEFF');
const BLANKS = new Set([0x20, 0x09, 0x0d, 0x0a]);

export function linesHash(): LinesHash {
  const hash = createHash('sha256');
  return {
    add(line) {
      hash.update(typeof line === 'string' ? line.trimEnd() : bare(line));
      hash.update('\n');
    },
    value: () => hash.digest('hex'),
  };
}

function bare(line: Uint8Array): Uint8Array {
  const start = MARK.equals(line.subarray(0, MARK.length)) ? MARK.length : 0;
  let end = line.length;
  while (end > start && BLANKS.has(line[end - 1] ?? 0)) end -= 1;
  return line.subarray(start, end);
}
