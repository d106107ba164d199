import type { Outcome } from '../../model/change.js';
import { type Answer, describeAnswer, referredTo } from './result-codes.js';

/** Reasons stand in sheets and journals, whose readers typed nothing: no setting is named in them. */
const TLS = 'the server wants encryption: connect with ldaps:// or StartTLS';

const OTHER_ENTRY = 'another entry has this name already: put a free one into UPDATE';
const NAMING = 'the attribute is part of the name of the entry: rename the entry instead';
const NO_ANSWER =
  'that is no answer to a change: look at the entry, and into the log of the server';

const MODIFY_HINTS: Readonly<Record<number, string>> = {
  1: 'the server could not do it now: its log says why',
  2: 'the server does not understand the change: its log says why',
  3: 'nothing was changed: apply again later',
  5: NO_ANSWER,
  6: NO_ANSWER,
  8: TLS,
  10: 'the entry belongs to another server: apply through a controller of its domain',
  11: 'nothing was changed: apply again later',
  12: 'the server cannot do what the change demands: apply through another one',
  13: TLS,
  14: NO_ANSWER,
  17: 'the server does not know the attribute: apply through the one that was scanned',
  19: 'the value is too long or must be unique and is taken: correct UPDATE in the sheet',
  21: 'the attribute does not take such a value: correct UPDATE in the sheet',
  34: 'the server makes nothing of the name of the entry: scan again through it',
  48: 'the account may not change anything here: bind with one that may',
  50: 'the account may not write this attribute: bind with one that may',
  51: 'nothing was changed: apply again later',
  52: 'nothing was changed: apply again later, or through another server',
  53: 'the server does not allow this change at all: is it read-only, or the attribute its own?',
  54: 'servers refer to each other in a circle: apply through the one that holds the entry',
  64: NAMING,
  65: 'the classes of the entry demand the attribute, or do not allow it',
  66: NO_ANSWER,
  67: NAMING,
  68: OTHER_ENTRY,
  69: 'the class of an entry cannot be changed',
  70: NO_ANSWER,
  71: NO_ANSWER,
  80: 'the server says no more than that: its log may',
};

/** What the answer to a modify request means for the edits in it. */
export function modifyOutcome(answer: Answer): Outcome {
  if (answer.status === 0) return { state: 'applied', reason: '' };
  const words = describeAnswer(answer);
  const code = answer.status;
  // The old value is gone (16), the new one is there (20), or the entry is (32): someone was faster.
  if ([16, 20, 32].includes(code)) return { state: 'stale', reason: words, code };
  const server = referredTo(answer);
  const hint =
    server === undefined
      ? MODIFY_HINTS[code]
      : `this server does not write there: apply through ${server}`;
  return { state: 'failed', reason: hint ? `${words}; ${hint}` : words, code };
}
