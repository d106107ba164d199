import type {
  DirectoryRule,
  Entry,
  EntryRule,
  Fault,
  Fix,
  RuleMeta,
  Settings,
  UniqueKey,
} from '../model.js';

/** A rule bound to the attribute it judges and to its limits: one line of a profile. */
export interface Check {
  readonly meta: RuleMeta;
  readonly attribute: string;
  /** Faults of the entry by itself. */
  faults(entry: Entry, settings: Settings): readonly Fault[];
  fix(value: string | undefined, entry: Entry, settings: Settings): Fix | undefined;
  /** Values that must be unique over the whole scan; empty for a rule on single entries. */
  keys(entry: Entry, settings: Settings): readonly UniqueKey[];
  readonly message: DirectoryRule<never>['message'] | undefined;
}

/** A rule on single entries, judging one attribute. */
export function use<Limits>(rule: EntryRule<Limits>, attribute: string, limits: Limits): Check {
  return {
    meta: rule.meta,
    attribute,
    faults: (entry, settings) => rule.check({ entry, attribute, limits, settings }),
    fix: (value, entry, settings) => rule.fix?.(value, { entry, attribute, limits, settings }),
    keys: () => [],
    message: undefined,
  };
}

/** A rule on values that must be unique, judging one attribute. */
export function unique<Limits>(
  rule: DirectoryRule<Limits>,
  attribute: string,
  limits: Limits,
): Check {
  return {
    meta: rule.meta,
    attribute,
    faults: () => [],
    fix: () => undefined,
    keys: (entry, settings) => rule.keys({ entry, attribute, limits, settings }),
    message: rule.message,
  };
}
