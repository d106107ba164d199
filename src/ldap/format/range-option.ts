/** A range of the values of an attribute. */
export interface Range {
  readonly name: string;
  readonly start: number;
  /** Undefined when this range reaches the last value. */
  readonly end: number | undefined;
}

/**
 * Reads the range option of an attribute name: AD answers `member;range=0-1499` instead of
 * `member` where there are more values than one answer may carry (MS-ADTS 3.1.1.3.1.3.3).
 */
export function parseRange(attribute: string): Range | undefined {
  if (!attribute.includes(';')) return undefined;
  const [, name, start, end] = /^(.+);range=(\d+)-(\d+|\*)$/i.exec(attribute) ?? [];
  if (name === undefined) return undefined;
  return { name, start: Number(start), end: end === '*' ? undefined : Number(end) };
}
