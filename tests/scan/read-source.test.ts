import { expect, test } from '@jest/globals';
import { createEntry } from '../../src/ldap/entry/entry.js';
import type { EntrySource } from '../../src/model/entry.js';
import { scan } from '../../src/scan/scan.js';
import { settingsFrom } from '../../src/settings/settings.js';

/** A source that gives people with an entryUUID each. */
function source(...uuids: readonly string[]): EntrySource {
  const entries = uuids.map((uuid, at) =>
    createEntry(`CN=${at},DC=contoso,DC=com`, [
      ['objectClass', ['user']],
      ['entryUUID', [uuid]],
    ]),
  );
  return {
    name: 'here',
    undelivered: async () => new Map(),
    async *pages() {
      yield { entries, gaps: [] };
    },
  };
}

test.each([
  ['an entry that comes twice', ['a', 'a', 'b'], 2],
  ['entries without a value for it', ['', '', 'b'], 3],
])('the entryUUID tells %s', async (_, uuids, entries) => {
  const { summary } = await scan([source(...uuids)], { settings: settingsFrom() });
  expect(summary.entries).toBe(entries);
});
