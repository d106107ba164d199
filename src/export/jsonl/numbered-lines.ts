/** A line of a file without its end, and its number, counted from 1. */
export interface NumberedLine {
  readonly number: number;
  /** Undefined where it is longer than the limit; nothing follows then. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The lines of a file as it arrives, none of which is kept. By bytes: values may hold characters that other readers
 * take for line ends.
 * @param limit bytes of the longest line.
 */
export async function* numberedLines(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<NumberedLine> {
  let rest: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      length += end - start;
      if (length > limit) break;
      const part = chunk.subarray(start, end);
      yield { number, bytes: rest.length > 0 ? Buffer.concat([...rest, part]) : part };
      number += 1;
      [rest, length, start] = [[], 0, end + 1];
    }
    rest.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > limit) {
      yield { number, bytes: undefined };
      return;
    }
  }
  if (length > 0) yield { number, bytes: Buffer.concat(rest) };
}
