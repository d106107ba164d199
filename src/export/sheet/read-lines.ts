import { type Dialect, dialectOf, tellsDialect } from './dialect.js';
import { type Decoder, decoderOf, type Encoding, EncodingProof } from './encoding.js';
import { type Line, LineSplitter } from './line-splitter.js';

/** Bytes that are made text together. */
const SLICE = 2 ** 20;
/** Characters among which the first line of a sheet ends. */
const MAX_HEAD = 16 * 2 ** 20;

/** A sheet that is read as often as it takes, and of which few rows are held at once. */
export interface SheetText {
  readonly encoding: Encoding;
  /** Its rows from the first on, some at a time. */
  lines(): AsyncIterable<readonly Line[]>;
}

/** Makes rows of the bytes of a sheet as they come, in any separator and line end that spreadsheets save. */
export class LineReader {
  /** How the file is written; what it says of lines is known at the end. */
  dialect: Dialect;
  readonly #decoder: Decoder;
  readonly #window: number | undefined;
  /** What has come and is not split yet: at the start all, until the dialect can be told. */
  #text = '';
  #splitter: LineSplitter | undefined;

  constructor(encoding: Encoding, window?: number) {
    this.dialect = dialectOf('', encoding).dialect;
    this.#decoder = decoderOf(encoding);
    this.#window = window;
  }

  push(bytes: Uint8Array): readonly Line[] {
    return this.#add(this.#decoder.decode(bytes), false);
  }

  /** The rows that are left where the file ends. */
  end(): readonly Line[] {
    const lines = this.#add(this.#decoder.end(), true);
    return [...lines, ...(this.#splitter?.end() ?? [])];
  }

  #add(text: string, isEnd: boolean): readonly Line[] {
    this.#text += text;
    if (!this.#splitter) {
      const isTold = isEnd || this.#text.length > MAX_HEAD || tellsDialect(this.#text);
      if (!isTold) return [];
      const { dialect, text } = dialectOf(this.#text, this.dialect.encoding);
      this.dialect = dialect;
      this.#text = text;
      this.#splitter = new LineSplitter(dialect.separator, this.#window);
    }
    const bytes = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    return this.#splitter.push(bytes);
  }
}

/** The rows of a whole file as they stand there, and how it was written. */
export function readFile(bytes: Uint8Array): {
  readonly lines: readonly Line[];
  readonly dialect: Dialect;
} {
  const proof = new EncodingProof();
  for (const slice of slicesOf(bytes)) proof.see(slice);
  const reader = new LineReader(proof.encoding);
  const lines: Line[] = [];
  const keep = (some: readonly Line[]) => {
    for (const line of some) lines.push(line);
  };
  for (const slice of slicesOf(bytes)) keep(reader.push(slice));
  keep(reader.end());
  return { lines, dialect: reader.dialect };
}

/** Opens a sheet for reading row by row, after one look at all of it: nothing less tells its encoding. */
export async function openText(chunks: () => AsyncIterable<Uint8Array>): Promise<SheetText> {
  const proof = new EncodingProof();
  for await (const chunk of chunks()) for (const slice of slicesOf(chunk)) proof.see(slice);
  const { encoding } = proof;
  return { encoding, lines: () => linesOf(chunks(), encoding) };
}

/** The same of a sheet in memory. */
export function textIn(bytes: Uint8Array): Promise<SheetText> {
  return openText(async function* () {
    yield bytes;
  });
}

async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<readonly Line[]> {
  const reader = new LineReader(encoding);
  for await (const chunk of chunks) for (const slice of slicesOf(chunk)) yield reader.push(slice);
  yield reader.end();
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}
