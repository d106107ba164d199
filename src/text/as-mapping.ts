import type { CommonSuffix } from '../model/scan.js';

/** A mapping as the flag takes it; where nobody knows the new domain, a word stands for it. */
export function asMapping({ from, to }: Pick<CommonSuffix, 'from' | 'to'>): string {
  return `${from}=${to ?? 'YOUR-DOMAIN'}`;
}
