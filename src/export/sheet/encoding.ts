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

/** The text of the file: by its byte order mark, else UTF-16 by its NUL bytes, else UTF-8, else Windows-1252. */
export function decodeText(bytes: Uint8Array): {
  readonly text: string;
  readonly encoding: Encoding;
} {
  const [a, b, c, d] = bytes;
  const decode = (encoding: Encoding) => ({
    text: new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes),
    encoding,
  });
  if ((a === 0xff && b === 0xfe) || (a && b === 0 && c && d === 0)) return decode('utf-16le');
  if ((a === 0xfe && b === 0xff) || (a === 0 && b && c === 0 && d)) return decode('utf-16be');
  const text = decodeUtf8(bytes);
  if (text !== undefined) return { text, encoding: 'utf-8' };
  return { text: decodeWindows1252(bytes), encoding: 'windows-1252' };
}

/** The bytes of a text, without a mark. Throws where the encoding lacks a character. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return encoding === 'windows-1252' ? encodeWindows1252(text) : Buffer.from(text, 'utf8');
}

/** Undefined for another encoding. A file that was cut within a character is UTF-8 all the same. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text: string;
  try {
    text = decoder.decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
  try {
    return text + decoder.decode();
  } catch {
    return `${text}\uFFFD`;
  }
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
