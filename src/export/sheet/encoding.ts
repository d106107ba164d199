import { TextDecoder } from 'node:util';

/** What a file is written in; Windows-1252 stands for any other code page of eight bits, of which none can be told. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The characters of the bytes 0x80 to 0x9F in Windows-1252. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Whether an encoding was guessed: what stands for the letters of the file is right where something else proves it,
 * and nowhere else.
 */
export function isGuess(encoding: Encoding): boolean {
  return encoding === 'windows-1252';
}

/** Tells the encoding of a file: by its byte order mark, else UTF-16 by its NUL bytes, else UTF-8, else Windows-1252. */
export class EncodingProof {
  #start: readonly number[] = [];
  /** Undefined once something was seen that is no UTF-8. */
  #utf8: TextDecoder | undefined = new TextDecoder('utf-8', { fatal: true });

  /** Whether what was seen so far leaves anything to be seen. */
  see(bytes: Uint8Array): void {
    if (this.#start.length < 4) this.#start = [...this.#start, ...bytes.subarray(0, 4)].slice(0, 4);
    try {
      this.#utf8?.decode(bytes, { stream: true });
    } catch {
      this.#utf8 = undefined;
    }
  }

  /** A file that was cut within a character is UTF-8 all the same. */
  get encoding(): Encoding {
    const [a, b, c, d] = this.#start;
    if ((a === 0xff && b === 0xfe) || (a && b === 0 && c && d === 0)) return 'utf-16le';
    if ((a === 0xfe && b === 0xff) || (a === 0 && b && c === 0 && d)) return 'utf-16be';
    return this.#utf8 ? 'utf-8' : 'windows-1252';
  }
}

/** Makes text of a file as it is read; what no encoding can read becomes U+FFFD. */
export interface Decoder {
  decode(bytes: Uint8Array): string;
  /** What of a character came before the end. */
  end(): string;
}

export function decoderOf(encoding: Encoding): Decoder {
  if (encoding === 'windows-1252') return { decode: decodeWindows1252, end: () => '' };
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return {
    decode: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

/** The bytes of a text, without a mark. Throws where the encoding lacks a character. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return encoding === 'windows-1252' ? encodeWindows1252(text) : Buffer.from(text, 'utf8');
}

/** TextDecoder('windows-1252') gives Latin-1 from Node 20.18.3 on (nodejs/node issue 60888), so by table. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes).toString('latin1');
  return latin1.replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252[c.charCodeAt(0) - 0x80] ?? c);
}

function encodeWindows1252(text: string): Uint8Array {
  const latin1 = text.replace(/[^\0-\x7f\xa0-\xff]/g, (c) => {
    const at = WINDOWS_1252.indexOf(c);
    if (at < 0) throw new Error(`${JSON.stringify(c)} is not in Windows-1252`);
    return String.fromCharCode(0x80 + at);
  });
  return Buffer.from(latin1, 'latin1');
}
