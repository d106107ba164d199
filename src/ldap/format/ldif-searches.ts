/** A search whose answer stands in the file: what ldapsearch writes from its header to its end. */
interface Search {
  readonly line: number;
  /** With `-L` the code of the result is left out, and only a comment says that there was one. */
  readonly hasResult: boolean;
  /** Whether each page is to say if more follow. */
  isPaged: boolean;
  /** What was asked: the pages of one search share it. */
  asked: string;
  /** The number of the message; it grows from page to page. */
  message: number;
  entries: number;
}

/** A page without a header, as `-LL` writes it. */
const BARE = { hasResult: false, isPaged: false, asked: '', message: 0, entries: 0 };

const ASKED = /^# (?:base <|filter: |requesting: )/;

/**
 * Holds an export against what it says of itself. ldapsearch writes a header before each page of a search and a result
 * behind it, ldbsearch numbers its records and counts them at the end; joined exports have each their own. What is
 * missing goes to `onGap`, one line of text each. Other exports say nothing of their end.
 */
export class Searches {
  readonly #onGap: (reason: string) => void;
  /** Begun, and without a result so far. */
  #open: Search | undefined;
  #done: Search | undefined;
  /** Entries since the last header or total that belong to no known search: their header may be missing. */
  #loose = 0;
  /** Its server had more pages to give. */
  #unfinished: Search | undefined;
  /** Of a search by ldbsearch that has no count so far. */
  #numbered: { readonly line: number; records: number } | undefined;

  constructor(onGap: (reason: string) => void) {
    this.#onGap = onGap;
  }

  /** Whether a search has begun of which the file has not shown the end. */
  get areOpen(): boolean {
    return this.#open !== undefined || this.#numbered !== undefined;
  }

  comment(line: number, text: string): void {
    if (text === '# extended LDIF') this.#begin(line, true);
    else if (/^# LDAPv\d$/.test(text)) {
      if (!this.#open?.hasResult || this.#open.asked !== '') this.#begin(line, false);
    } else if (this.#open && ASKED.test(text)) this.#open.asked += `${text}\n`;
    else if (this.#open && text.startsWith('# with pagedResults ')) this.#open.isPaged = true;
    else if (text === '# search result' && this.#open?.hasResult === false) this.#finish();
    else if (text.startsWith('# pagedresults: ')) this.pages(line, text.slice(16));
    else if (text.startsWith('# numEntries: ')) this.#total(line, text);
    else if (/^# record \d+$/.test(text)) this.#number(line, text);
    else if (/^# returned \d+ records$/.test(text)) this.#count(line, text);
  }

  entry(): void {
    if (this.#open) this.#open.entries += 1;
    else {
      this.#done = undefined;
      this.#loose += 1;
    }
    this.reference();
  }

  reference(): void {
    if (this.#numbered) this.#numbered.records += 1;
  }

  message(number: number): void {
    if (this.#open) this.#open.message = number;
  }

  result(): void {
    if (this.#open?.hasResult) this.#finish();
  }

  /** What the control for paging says at the end of a page: `cookie=` alone on the last one. */
  pages(line: number, text: string): void {
    // A header tells whether the next page is one of the same search; without headers pages follow one another.
    const page = this.#done ?? BARE;
    if (this.#unfinished !== page && this.#unfinished?.asked) this.#tellUnfinished();
    this.#unfinished = /cookie=$/.test(text.trim()) ? undefined : { ...page, line };
  }

  end(): void {
    this.#tellOpen();
    this.#tellUnfinished();
  }

  #begin(line: number, hasResult: boolean): void {
    this.#tellOpen();
    this.#done = undefined;
    this.#loose = 0;
    this.#open = { ...BARE, line, hasResult };
  }

  #finish(): void {
    const page = this.#open;
    this.#open = undefined;
    this.#done = page;
    const before = this.#unfinished;
    if (page && before) {
      const isLater = !page.hasResult || page.message > before.message;
      if (page.asked === before.asked && isLater) page.entries += before.entries;
      else this.#tellUnfinished();
    }
    this.#unfinished = page?.isPaged ? page : undefined;
  }

  #number(line: number, text: string): void {
    if (this.#numbered && text !== '# record 1') return;
    this.#tellOpen();
    this.#numbered = { line, records: 0 };
  }

  #count(line: number, text: string): void {
    const { records = 0 } = this.#numbered ?? {};
    this.#hold(line, { entries: records }, text);
    this.#numbered = undefined;
  }

  /** How many entries a search gave. Where its header is missing, others may stand before its entries. */
  #total(line: number, text: string): void {
    const entries = Math.min(this.#loose, numberIn(text));
    this.#loose = 0;
    if (this.#done) this.#hold(line, this.#done, text);
    else if (!this.#open) this.#hold(line, { entries }, text);
  }

  /** Holds a number that the export gives against what was read. */
  #hold(line: number, read: Pick<Search, 'entries'>, text: string): void {
    const said = numberIn(text);
    if (read.entries !== said)
      this.#onGap(`line ${line}: the export counts ${said} records, and ${read.entries} are here`);
  }

  #tellOpen(): void {
    const line = this.#open?.line ?? this.#numbered?.line;
    if (line !== undefined)
      this.#onGap(`the export that begins on line ${line} has no end: it broke off, or was cut`);
    this.#open = undefined;
    this.#numbered = undefined;
  }

  #tellUnfinished(): void {
    if (this.#unfinished)
      this.#onGap(
        `line ${this.#unfinished.line}: the server had more pages to give, or did not say, and they are not here`,
      );
    this.#unfinished = undefined;
  }
}

function numberIn(text: string): number {
  return Number(/\d+/.exec(text)?.[0]);
}
