import { formOf } from '../engine/plain-value.js';
import { type Departure, use } from '../engine/profile-line.js';
import type { Lengths } from '../rule-parts/lengths.js';
import { valueTooLong } from '../rules/value-too-long.js';

/** The line on the lengths of an attribute: where no plain value exceeds them, only unusual ones are asked about. */
export function limited(
  attribute: string,
  limits: Lengths,
  departure: Departure = {},
  rule = valueTooLong,
) {
  const isWide = limits.lengths.every(({ limit }) => limit >= formOf(attribute).longest);
  return use(rule, attribute, limits, isWide ? { ...departure, when: 'unusual' } : departure);
}
