import { parseGuid } from '../format/guid.js';

/** A distinguished name, and the bytes of the objectGUID that stood beside it. */
export interface SplitDn {
  readonly dn: string;
  readonly guid: Uint8Array | undefined;
}

/** What an extended name puts before the plain one: `<GUID=…>;<SID=…>;` (MS-ADTS 3.1.1.3.4.1.5). */
const EXTENSION = /^<([a-z]+)=([^>]*)>;?/i;

/** Takes an extended distinguished name apart; a plain one stays as it is. */
export function splitExtendedDn(extended: string): SplitDn {
  let dn = extended;
  let guid: Uint8Array | undefined;
  for (let part = EXTENSION.exec(dn); part; part = EXTENSION.exec(dn)) {
    const [all, kind = '', value = ''] = part;
    if (kind.toUpperCase() === 'GUID') guid = guidIn(value);
    dn = dn.slice(all.length);
  }
  return { dn, guid };
}

/** In its usual text form, or the bytes in hexadecimal digits. */
function guidIn(value: string): Uint8Array | undefined {
  return /^[0-9a-f]{32}$/i.test(value) ? Buffer.from(value, 'hex') : parseGuid(value);
}
