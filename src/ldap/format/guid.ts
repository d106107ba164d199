/** The usual text form of an objectGUID: its first three groups are little-endian (MS-DTYP 2.3.4). */
export function formatGuid(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 16) return undefined;
  let text = '';
  for (const at of GUID_ORDER) text += at < 0 ? '-' : HEX[bytes[at] as number];
  return text;
}

/** The octets of a GUID in the order of its text form; -1 stands for a hyphen. */
const GUID_ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** The first three groups in the other byte order, in place. */
function turned(guid: Buffer): Buffer {
  guid.subarray(0, 4).reverse();
  guid.subarray(4, 6).reverse();
  guid.subarray(6, 8).reverse();
  return guid;
}

/** The bytes of an objectGUID from its text form, as ldbsearch prints it; undefined for other text. */
export function parseGuid(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return undefined;
  return turned(Buffer.from(text.replaceAll('-', ''), 'hex'));
}
