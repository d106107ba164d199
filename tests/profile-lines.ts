import type { Entry } from '../src/model/entry.js';
import type { Fault, Fix, Settings, UniqueKey } from '../src/model/rule.js';
import type { ProfileLine } from '../src/validators/engine/profile-line.js';

/** What a line has to say of an entry by itself: nothing where it is on values that must be unique. */
export function faultsOf(line: ProfileLine, entry: Entry, settings: Settings): readonly Fault[] {
  return line.judges === 'entry' ? line.faults(entry, settings) : [];
}

export function fixOf(
  line: ProfileLine,
  value: string | undefined,
  entry: Entry,
  settings: Settings,
): Fix | undefined {
  return line.judges === 'entry' ? line.fix(value, entry, settings) : undefined;
}

/** The values that must be unique by a line: none where it is on entries by themselves. */
export function keysOf(line: ProfileLine, entry: Entry, settings: Settings): readonly UniqueKey[] {
  return line.judges === 'directory' ? line.keys(entry, settings) : [];
}
