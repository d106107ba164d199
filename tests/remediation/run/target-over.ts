import type { EntryWriter } from '../../../src/model/change.js';
import type { Target } from '../../../src/remediation/run/resilient-writer.js';

/** A session that writes to memory, but for what is its own. */
export function targetOver(memory: EntryWriter, own: Partial<Target> = {}): Target {
  return {
    ...memory,
    count: async () => 1,
    find: async () => [],
    close: async () => {},
    ...own,
  };
}
