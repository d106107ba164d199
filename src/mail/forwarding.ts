import type { Entry } from '../model/entry.js';

/** Whether mail for an entry is sent on: contacts always, users where homeMDB names no mailbox (fact TGT-6). */
export function isForwarded(entry: Entry): boolean {
  return entry.kind === 'contact' || entry.values('homeMDB').length === 0;
}
