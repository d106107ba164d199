import { shownName } from '../../ldap/format/dn.js';
import type { Keeper } from './keeper.js';

/** What there is to say about a value: a clause that ends a message. */
export interface Remark {
  readonly clause: string;
  /** Whether it says that the entry keeps a shared value. */
  readonly keeps: boolean;
}

/** What there is to say about values, and about the sharing of them by one rule. */
export type Remarks = ReadonlyMap<string, Remark>;

/** What is said about a value by its id, or about who keeps it of those among whom a rule finds it. */
export function remarkOn(remarks: Remarks, id: string, rule = ''): Remark | undefined {
  return remarks.get(remarkKey(id, rule));
}

/** Under what a remark is kept. */
export function remarkKey(id: string, rule = ''): string {
  return `${id} ${rule}`;
}

/** Who keeps a value, told to somebody who holds it. */
export function keepRemark({ dn, because }: Keeper, keeps: boolean): Remark {
  const who = keeps ? 'this entry' : shownName(dn);
  return { clause: `${who} keeps it, because ${because}`, keeps };
}

/** What became of a repair. */
export function repairRemark(clause: string): Remark {
  return { clause, keeps: false };
}

/** A message whose last sentence goes on with a clause: what is to be done, and what presync makes of it. */
export function remarked(message: string, clause: string): string {
  return `${message.replace(/\.$/, '')}; ${clause}.`;
}
