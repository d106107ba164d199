import { expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import { LogonError, UnavailableError } from '../../../src/ldap/protocol/result-codes.js';
import { carryOut } from '../../../src/remediation/run/carry-out.js';
import { resilientWriter, type Target } from '../../../src/remediation/run/resilient-writer.js';
import { targetOver } from './target-over.js';

const DN = 'CN=A,DC=contoso,DC=com';
const REF = { dn: DN, guid: undefined, kind: 'user' } as const;

test.each(['server stays away', 'logon refused'])(
  'a change that never left is not "never answered": %s',
  async (kind) => {
    const memory = memoryDirectory([createEntry(DN, [['mail', ['a']]])]);
    let opened = 0;
    const open = async (): Promise<Target> => {
      opened += 1;
      if (opened > 1)
        throw kind === 'logon refused'
          ? new LogonError('refused', 'x')
          : new UnavailableError('no server', 'x', true);
      return targetOver(memory, {
        modify: async () => {
          throw new UnavailableError('lost: nothing was sent', 'x', true);
        },
      });
    };
    const writer = await resilientWriter(open, { pauses: [1], sleep: async () => true });
    const journal = {
      intended: async () => {},
      outcome: async () => {},
      hurry: () => {},
      end: async () => {},
      close: async () => {},
    };
    const edits = [
      { row: 2, id: 'a', edit: { entry: REF, attribute: 'mail', before: ['a'], after: ['b'] } },
    ];
    const { rows } = await carryOut([{ ref: REF, edits }], writer, journal, { concurrency: 1 });
    expect(rows[0]?.state).not.toBe('unknown');
  },
);
