import { expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import { UnavailableError, UnknownOutcomeError } from '../../../src/ldap/protocol/result-codes.js';
import type { Edit } from '../../../src/model/change.js';
import { resilientWriter, type Target } from '../../../src/remediation/run/resilient-writer.js';
import { targetOver } from './target-over.js';

const DN = 'CN=A,DC=contoso,DC=com';
const REF = { dn: DN, guid: undefined, kind: 'user' } as const;

/** The first modify throws; someone else writes `theirs` during the pause. */
async function scene(
  attributes: readonly (readonly [string, readonly string[]])[],
  failure: Error,
  theirs?: Edit,
) {
  const memory = memoryDirectory([
    createEntry(
      DN,
      attributes.map(([n, v]) => [n, v] as [string, readonly string[]]),
    ),
  ]);
  let first = true;
  const open = async (): Promise<Target> =>
    targetOver(memory, {
      modify: async (dn, edits) => {
        if (first) {
          first = false;
          throw failure;
        }
        return memory.modify(dn, edits);
      },
    });
  const sleep = async () => {
    if (theirs) await memory.modify(DN, [theirs]);
    return true;
  };
  const writer = await resilientWriter(open, { pauses: [1, 1], sleep });
  return { writer, values: (name: string) => memory.entries()[0]?.values(name) };
}

test('a change lost before it was sent, respelled meanwhile', async () => {
  const theirs: Edit = { entry: REF, attribute: 'mail', before: ['a@x'], after: ['A@X'] };
  const { writer, values } = await scene(
    [['mail', ['a@x']]],
    new UnavailableError('lost', 'x', true),
    theirs,
  );
  expect(
    (await writer.modify(DN, [{ entry: REF, attribute: 'mail', before: ['a@x'], after: ['b@x'] }]))
      .state,
  ).toBe('stale');
  expect(values('mail')).toEqual(['A@X']);
});

test('never answered and not carried out; an empty attribute that was filled meanwhile', async () => {
  const theirs: Edit = {
    entry: REF,
    attribute: 'proxyAddresses',
    before: [],
    after: ['SMTP:theirs@x'],
  };
  const { writer, values } = await scene(
    [['cn', ['A']]],
    new UnknownOutcomeError('ldap://dc1', 'lost'),
    theirs,
  );
  await writer.modify(
    DN,
    [{ entry: REF, attribute: 'proxyAddresses', before: [], after: ['SMTP:ours@x'] }],
    { filled: new Set(['proxyaddresses']), emptied: new Set() },
  );
  expect(values('proxyAddresses')).toEqual(['SMTP:theirs@x']);
});

test('a removal never answered and not carried out; someone put another value there', async () => {
  const theirs: Edit = { entry: REF, attribute: 'mail', before: ['a@x'], after: ['theirs@x'] };
  const { writer } = await scene(
    [['mail', ['a@x']]],
    new UnknownOutcomeError('ldap://dc1', 'lost'),
    theirs,
  );
  const outcome = await writer.modify(
    DN,
    [{ entry: REF, attribute: 'mail', before: ['a@x'], after: [] }],
    { filled: new Set(), emptied: new Set(['mail']) },
  );
  expect(outcome.state).not.toBe('applied');
});
