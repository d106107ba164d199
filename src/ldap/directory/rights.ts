import type { Entry } from '../../model/entry.js';
import { texts } from '../format/values.js';

const WRITABLE = 'allowedAttributesEffective';
/** Given with every entry by a server that works out rights, also when there are none. */
const OFFERED = 'sDRightsEffective';

/** What to read of an entry to know which of its attributes may be written (MS-ADTS 3.1.1.4.5). */
export const RIGHTS: readonly string[] = [WRITABLE, OFFERED];

/** Whether the account may write an attribute of an entry that was read with RIGHTS; true where the server does not say. */
export function mayWrite(entry: Entry, attribute: string): boolean {
  const writable = texts(entry, WRITABLE);
  if (writable.length === 0 && entry.values(OFFERED).length === 0) return true;
  return writable.some((name) => name.toLowerCase() === attribute.toLowerCase());
}
