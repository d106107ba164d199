/** A code page of Windows, as a spreadsheet saves in it. */
export interface CodePage {
  /** Letters that it lacks become question marks. */
  encode(text: string): Uint8Array;
  /** What a reader who takes it for Windows-1252 sees. */
  misread(text: string): string;
}

/** Windows code pages by the name that TextDecoder knows. */
export function codePage(name: string): CodePage {
  const characters = tableOf(name);
  const western = tableOf('windows-1252');
  const byteOf = (character: string) => {
    const at = characters.indexOf(character);
    return at < 0 ? 0x3f : at;
  };
  return {
    encode: (text) => Uint8Array.from([...text], byteOf),
    misread: (text) => [...text].map((c) => western[byteOf(c)] ?? '').join(''),
  };
}

/** The characters of all bytes. Windows-1252 is written out: TextDecoder gives Latin-1 for it in some versions. */
function tableOf(name: string): readonly string[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  if (name !== 'windows-1252')
    return bytes.map((byte) => new TextDecoder(name).decode(Uint8Array.of(byte)));
  const special = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
  return bytes.map((b) =>
    b >= 0x80 && b < 0xa0 ? special.charAt(b - 0x80) : String.fromCharCode(b),
  );
}
