import type { EntryWriter } from '../../src/model.js';
import type { Session } from '../../src/remediation/retry.js';

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
