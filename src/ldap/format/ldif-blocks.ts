import { broken, LONGEST_VALUE, shown, TOO_LARGE } from './ldif-lines.js';

/** A line after unfolding. Each character of its text is one byte of the file as UTF-8. */
export interface Line {
  readonly number: number;
  text: string;
}

/** The largest record that is read: bytes, with what its lines cost beside them. A million members fit. */
const LARGEST_RECORD = 2 ** 28;
const LINE_OVERHEAD = 64;

const SPACE = 32;
const TAB = 9;
const ONLY_BLANKS = /^[ \t]+$/;
const STARTS_RECORD = /^dn[ \t]*:/i;

/** Gathers lines to blocks: the unfolded lines between blank lines, a record or comments alone. */
export class Blocks {
  #block: Line[] = [];
  #number = 0;
  /** Bytes of the block, and of its last line. */
  #size = 0;
  #value = 0;
  /** A line of blanks alone: the end of a value, or to the eye a blank line. */
  #blank: string | undefined;

  take(texts: readonly string[]): readonly (readonly Line[])[] {
    const blocks: (readonly Line[])[] = [];
    for (const text of texts) {
      this.#number += 1;
      const first = text.charCodeAt(0);
      const folds = first === SPACE || first === TAB;
      if (this.#blank !== undefined) this.#settle(text, blocks);
      if (text === '') this.#close(blocks);
      else if (!folds) {
        this.#measure(text, 0);
        this.#block.push({ number: this.#number, text });
      } else if (ONLY_BLANKS.test(text)) this.#blank = text;
      else this.#unfold(text);
    }
    return blocks;
  }

  /** What stands behind the last blank line, or what looks like one. */
  rest(): readonly Line[] {
    return this.#block;
  }

  get endsBlank(): boolean {
    return this.#block.length === 0 || this.#blank !== undefined;
  }

  #settle(next: string, blocks: (readonly Line[])[]): void {
    if (STARTS_RECORD.test(next)) this.#close(blocks);
    else if (this.#block.length > 0) this.#unfold(this.#blank ?? '');
    this.#blank = undefined;
  }

  #close(blocks: (readonly Line[])[]): void {
    if (this.#block.length > 0) blocks.push(this.#block);
    this.#block = [];
    this.#size = 0;
  }

  #unfold(text: string): void {
    const folded = this.#block.at(-1);
    if (!folded) throw broken(this.#number, `${shown(text)} continues no line`);
    this.#measure(text, this.#value);
    folded.text += text.slice(1);
  }

  /** Keeps what a hostile text may claim within bounds. */
  #measure({ length }: string, before: number): void {
    this.#value = before + length;
    this.#size += length + LINE_OVERHEAD;
    const number = this.#block[0]?.number ?? this.#number;
    if (this.#value > LONGEST_VALUE)
      throw broken(
        this.#number,
        `a value of more than ${LONGEST_VALUE / 2 ** 20} MiB, the most that presync reads of one`,
        TOO_LARGE,
      );
    if (this.#size > LARGEST_RECORD)
      throw broken(
        number,
        `a record of more than ${LARGEST_RECORD / 2 ** 20} MiB, the most that presync reads of one`,
        TOO_LARGE,
      );
  }
}
