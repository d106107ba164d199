import type { Fault } from '../../model/rule.js';
import { printable } from '../../text/printable.js';

/** What reports call a broken rule. It stands in no profile: the engine speaks for it. */
export const RULE_FAILED = {
  id: 'rule-failed',
  title: 'A rule that broke on an entry',
  why: 'The attribute was not judged by the rule: what it would have found is not known.',
  remedy:
    'Please report it to the makers of presync; the message names the rule and what happened.',
} as const;

/** The finding that an entry gets when a rule breaks on it: a fault of presync, not of the entry. */
export function ruleFailed(rule: string, error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return {
    error: 'Failed',
    value: undefined,
    severity: 'warning',
    message: `The rule ${rule} failed on this entry (${printable(why)}), so this attribute was not judged by it. Please report it to the makers of presync.`,
  };
}
