import { shownName } from '../../ldap/format/dn.js';
import type { Keeper } from './keeper.js';

/** What there is to say about values, and about the sharing of them by one rule: clauses that end a message. */
export type Remarks = ReadonlyMap<string, string>;

/** What is said about a value by its id, or about who keeps it of those among whom a rule finds it. */
export function remarkOn(remarks: Remarks, id: string, rule = ''): string | undefined {
  return remarks.get(remarkKey(id, rule));
}

/** Under what a remark is kept. */
export function remarkKey(id: string, rule = ''): string {
  return `${id} ${rule}`;
}

/** Who keeps a value, told to somebody who holds it. */
export function keepRemark({ dn, because }: Keeper, keeps: boolean): string {
  return `${keeps ? 'this entry' : shownName(dn)} keeps it, because ${because}`;
}

/** A message whose last sentence goes on with a remark: what is to be done, and what presync makes of it. */
export function remarked(message: string, remark: string): string {
  return `${message.replace(/\.$/, '')}; ${remark}.`;
}
