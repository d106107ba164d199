import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import { UnavailableError, UnknownOutcomeError } from '../../../src/ldap/protocol/result-codes.js';
import type { Edit } from '../../../src/model/change.js';
import { FRESH_MS } from '../../../src/remediation/run/compare-entry.js';
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

test('a change that had to wait for a new connection, respelled meanwhile', async () => {
  const memory = memoryDirectory([createEntry(DN, [['mail', ['a@x']]])]);
  let opened = 0;
  let letIn = () => {};
  const door = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  const open = async (): Promise<Target> => {
    opened += 1;
    if (opened > 1) await door;
    return targetOver(memory, {
      modify: async (dn, edits) => {
        if (opened === 1) throw new UnavailableError('lost', 'x', true);
        return memory.modify(dn, edits);
      },
    });
  };
  const writer = await resilientWriter(open, { pauses: [1], sleep: async () => true });
  const mail = (before: string, after: string): Edit => ({
    ...{ entry: REF, attribute: 'mail', before: [before], after: [after] },
  });
  const title: Edit = { entry: REF, attribute: 'title', before: [], after: ['x'] };
  const first = writer.modify(DN, [title]);
  while (opened === 1) await setTimeout(1);
  const waiting = writer.modify(DN, [mail('a@x', 'b@x')]);
  await memory.modify(DN, [mail('a@x', 'A@X')]);
  await setTimeout(2 * FRESH_MS);
  letIn();
  expect((await first).state).toBe('applied');
  expect(await waiting).toEqual({
    state: 'stale',
    reason: 'mail holds "A@X" now: someone changed it since',
  });
  expect(memory.entries()[0]?.values('mail')).toEqual(['A@X']);
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
