/** Results remembered at most: what a directory holds is not ours to remember without end. */
const LIMIT = 4096;
/** Longer texts, of which no directory has many alike, are not remembered. */
const LONGEST = 256;

/** A pure function of a text that is asked for few texts over and over, with its results remembered. */
export function remembered<Result>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = of(text);
    if (text.length > LONGEST) return result;
    if (known.size >= LIMIT) known.clear();
    known.set(text, result);
    return result;
  };
}

/** A pure function of an object that many callers ask for in turn, with its last result remembered. */
export function lastRemembered<Subject extends object, Result>(
  of: (subject: Subject) => Result,
): (subject: Subject) => Result {
  let last: { readonly subject: Subject; readonly result: Result } | undefined;
  return (subject) => {
    if (last?.subject !== subject) last = { subject, result: of(subject) };
    return last.result;
  };
}

/** Slots of a memo of bytes: a power of two. Each holds the last bytes that fell into it. */
const SLOTS = 1024;

/** Results by the bytes of which they were made, for few different ones that come over and over. */
export class ByteMemo<Result> {
  readonly #known: ({ readonly bytes: Uint8Array; readonly result: Result } | undefined)[] =
    new Array(SLOTS);

  /** What was put under the same bytes, unless others took its place; @param to is behind the last byte. */
  get(bytes: Uint8Array, from: number, to: number): Result | undefined {
    const known = this.#known[slotOf(bytes, from, to)];
    if (known === undefined || known.bytes.length !== to - from) return undefined;
    for (let at = from; at < to; at += 1)
      if (known.bytes[at - from] !== bytes[at]) return undefined;
    return known.result;
  }

  put(bytes: Uint8Array, from: number, to: number, result: Result): void {
    if (to - from > LONGEST) return;
    this.#known[slotOf(bytes, from, to)] = {
      bytes: new Uint8Array(bytes.subarray(from, to)),
      result,
    };
  }
}

function slotOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash, 31) + (bytes[at] as number);
  return (hash ^ (hash >>> 10)) & (SLOTS - 1);
}
