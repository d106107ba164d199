import type { Fault } from '../../model/rule.js';
import { printable } from '../../text/printable.js';

/** What reports call a broken rule. It stands in no profile: the engine speaks for it. */
export const RULE_FAILED = {
  id: 'rule-failed',
  title: 'A rule that broke on an entry',
  why: 'The attribute was not judged by the rule, or not repaired: what it would have found or proposed is not known.',
  remedy:
    'Please report it to the makers of presync; the message names the rule and what happened.',
} as const;

const CONSEQUENCE = {
  check: 'this attribute was not judged by it',
  fix: 'it proposes nothing here',
} as const;

/** The finding that an entry gets when a rule breaks on it, asked for faults or a fix: a fault of presync, not its own. */
export function ruleFailed(rule: string, asked: 'check' | 'fix', error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return {
    error: 'Failed',
    value: undefined,
    severity: 'warning',
    message: `The rule ${rule} failed on this entry (${printable(why)}), so ${CONSEQUENCE[asked]}. Please report it to the makers of presync.`,
  };
}
