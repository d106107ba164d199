import { ExpectedError, type Words } from '../errors.js';

/** How many entries one run may change; a percentage is one of the entries of the directory. */
export interface Cap {
  readonly text: string;
  readonly amount: number;
  readonly isPercentage: boolean;
}

/** Reads `500` or `5%`. */
export function parseCap(text: string): Cap {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const amount = Number(digits);
  const isPercentage = percent === '%';
  const fits = isPercentage ? amount <= 100 : Number.isSafeInteger(amount);
  if (digits !== undefined && fits) return { text: text.trim(), amount, isPercentage };
  throw new ExpectedError(
    (nameOf) => `${nameOf('maxChanges')} must be a number of entries or a percentage such as 5%.`,
    'Leave it out for 500 entries.',
  );
}

/** How many entries a cap allows; `count` is asked for the size of the directory where it matters. */
export async function allowedBy(cap: Cap, count: () => Promise<number>): Promise<number> {
  return cap.isPercentage ? Math.floor((cap.amount / 100) * (await count())) : cap.amount;
}

/** What there is to say about a run that is beyond its cap. */
export function beyondCap(cap: Cap, allowed: number, entries: number): Words {
  const limit = cap.isPercentage ? `${cap.text} of the directory, ${allowed}` : `${allowed}`;
  return (nameOf) => `${entries} entries would be changed, ${nameOf('maxChanges')} allows ${limit}`;
}
