import { expect, test } from '@jest/globals';
import { createEntry, inBytes } from '../../../src/ldap/entry/entry.js';
import { PAGED_RESULTS } from '../../../src/ldap/protocol/messages.js';
import { rootDseOf } from '../../../src/ldap/protocol/root-dse.js';
import { searchPages } from '../../../src/ldap/protocol/search.js';
import type { SearchAnswer, Wire } from '../../../src/ldap/protocol/wire.js';
import { refusal, WHOLE } from '../opening.js';

/** Reads from a server whose pages hold an entry each, or none. */
async function read(pages: readonly boolean[]): Promise<number> {
  let asked = 0;
  const wire = {
    breach: undefined,
    search: async ({ page }: { readonly page?: object }): Promise<SearchAnswer> => {
      const answer = { status: 0, matchedDN: '', errorMessage: '' };
      const at = page ? asked++ : pages.length;
      const entries = pages[at] ? [inBytes(createEntry(`CN=${at}`, [['cn', [`${at}`]]]))] : [];
      const isLast = at >= pages.length - 1;
      const cookie = isLast ? Buffer.alloc(0) : Buffer.from(`${at + 1}`);
      return { ending: { answer }, entries, references: [], cookie };
    },
  };
  const rootDse = rootDseOf(createEntry('', [['supportedControl', [PAGED_RESULTS]]]));
  const context = { url: 'ldap://dc1', wire: wire as unknown as Wire, rootDse };
  let entries = 0;
  for await (const page of searchPages(context, { ...WHOLE, base: '' }))
    entries += page.entries.length;
  return entries;
}

const empty = (count: number) => new Array<boolean>(count).fill(false);

// A filter that a server has no index for gives pages without an entry for as long as it searches.
test('pages without an entry do not end a search, however often they come, unless a thousand come in a row', async () => {
  expect(await read([true, ...empty(999), true, ...empty(999), true, false])).toBe(3);
  expect((await refusal(read([true, ...empty(1001), true]))).message).toContain('again and again');
});
