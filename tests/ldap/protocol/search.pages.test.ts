import { expect, test } from '@jest/globals';
import { createEntry, inBytes } from '../../../src/ldap/entry/entry.js';
import type { Loss } from '../../../src/ldap/protocol/loss.js';
import { PAGED_RESULTS } from '../../../src/ldap/protocol/messages.js';
import { rootDseOf } from '../../../src/ldap/protocol/root-dse.js';
import { searchPages } from '../../../src/ldap/protocol/search.js';
import type { SearchAnswer, Wire } from '../../../src/ldap/protocol/wire.js';
import { refusal, WHOLE } from '../opening.js';

const BREACH: Loss = { reason: 'an answer to something that it was not asked', isBreach: true };

/** Reads from a server whose pages hold an entry each, or none, and which sends what it must not after so many answers. */
async function read(
  pages: readonly boolean[],
  breachAfter = Number.POSITIVE_INFINITY,
): Promise<number> {
  let [asked, answered] = [0, 0];
  const wire = {
    get breach() {
      return answered >= breachAfter ? BREACH : undefined;
    },
    search: async ({ page }: { readonly page?: object }): Promise<SearchAnswer> => {
      const answer = { status: 0, matchedDN: '', errorMessage: '' };
      const at = page ? asked++ : pages.length;
      const entries = pages[at] ? [inBytes(createEntry(`CN=${at}`, [['cn', [`${at}`]]]))] : [];
      answered += 1;
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

test.each([
  ['with its only page', 1],
  ['after the end, which one more question brings to light', 2],
])('a search is not whole where the server sends what nobody asked for %s', async (_, answers) => {
  expect(await read([true])).toBe(1);
  expect((await refusal(read([true], answers))).message).toContain(BREACH.reason);
});
