import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Proposal } from '../../src/model/change.js';
import type { RuleMeta } from '../../src/model/rule.js';
import { RULES } from '../../src/validators/index.js';
import { profileFor } from '../../src/validators/profiles/index.js';
import { SETTINGS } from '../arbitrary.js';
import { runFixture, scanAfter } from '../rule-tester.js';
import { broughtBy, claimedButLeft } from '../settled.js';

const IDS = RULES.map(({ meta }) => meta.id);
const names = (folder: string, suffix: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort();

/** What the templates of `npm run new-rule` left to the author. */
const toFillIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => (line.includes('FILL IN') ? [`${file}:${at + 1} ${line.trim()}`] : []));

describe('a rule is five things under one id', () => {
  test('source, fixture, doc page and profile line, by which it is listed', () => {
    expect(names('src/validators/rules', '.ts')).toEqual(IDS);
    expect(names('fixtures/rules', '.ldif')).toEqual(IDS);
    expect(names('docs/rules', '.md')).toEqual(IDS);
  });

  test.each(SETTINGS)('no profile asks a rule that is not in the list, settings %#', (settings) => {
    const asked = profileFor(settings).map(({ meta }) => meta.id);
    expect(asked.filter((id) => !IDS.includes(id))).toEqual([]);
  });

  test.each(IDS)('%s is filled in', (id) => {
    const files = [
      `src/validators/rules/${id}.ts`,
      `fixtures/rules/${id}.ldif`,
      `docs/rules/${id}.md`,
    ];
    expect(files.flatMap(toFillIn)).toEqual([]);
  });

  test.each(IDS)('%s cites known facts, and its texts are whole', (id) => {
    const meta = RULES.find((rule) => rule.meta.id === id)?.meta;
    const facts = readFileSync('docs/facts.md', 'utf8');
    expect(meta?.facts.length).toBeGreaterThan(0);
    for (const fact of meta?.facts ?? [])
      expect(facts).toContain(`| <a id="${fact.toLowerCase()}"></a>${fact} |`);
    for (const text of [meta?.title, meta?.why, meta?.remedy]) expect(text?.trim()).toBeTruthy();
  });
});

/** The least that a person must do, of all that is proposed on account of one rule alone. */
function shownSafety(proposals: readonly Proposal[], id: string): RuleMeta['fix'] {
  const own = proposals.filter(
    ({ trail }) => trail.length > 0 && trail.every(({ rule }) => rule === id),
  );
  if (own.length === 0) return 'none';
  return own.some(({ safety }) => safety === 'safe') ? 'safe' : 'review';
}

describe.each(IDS)('fixture of %s', (id) => {
  test('every fault is found, nothing else is, and the proposals are as written', async () => {
    const { expected, found, result } = await runFixture(`fixtures/rules/${id}.ldif`);
    expect(found).toEqual(expected);
    expect(result.findings.some(({ rule }) => rule === id)).toBe(true);
    expect(result.summary.complete).toBe(true);
  });

  test('what it declares of its proposals is what they are', async () => {
    const { result } = await runFixture(`fixtures/rules/${id}.ldif`);
    expect(shownSafety(result.proposals, id)).toBe(
      RULES.find(({ meta }) => meta.id === id)?.meta.fix,
    );
  });

  test('messages have no empty slot and no control character', async () => {
    const { result } = await runFixture(`fixtures/rules/${id}.ldif`);
    for (const { message } of result.findings) {
      expect(message).not.toMatch(/undefined|null|\[object|""| {2}|\p{Cc}/u);
      expect(message).toMatch(/[.!?]$/);
    }
  });

  test('what it proposes settles what it claims, and brings no fault, the safe part as the whole', async () => {
    const fixture = await runFixture(`fixtures/rules/${id}.ldif`);
    const { proposals } = fixture.result;
    const safe = proposals.filter(({ safety }) => safety === 'safe');
    for (const plan of [safe, proposals]) {
      const after = await scanAfter(fixture, plan);
      expect(claimedButLeft(plan, fixture.result, after)).toEqual([]);
      expect(broughtBy(fixture.result, after)).toEqual([]);
      const done = new Set(plan.map(({ id }) => id));
      const again = after.proposals.filter(
        ({ id, safety }) => !done.has(id) && (plan === proposals || safety === 'safe'),
      );
      expect(again).toEqual([]);
    }
  });
});
