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
