import type { EntryWriter } from '../../../src/model/change.js';
import type { Session } from '../../../src/remediation/run/resilient-writer.js';

/** A session that writes to memory, but for what is its own. */
export function sessionOver(memory: EntryWriter, own: Partial<Session> = {}): Session {
  return {
    ...memory,
    count: async () => 1,
    find: async () => [],
    close: async () => {},
    ...own,
  };
}
