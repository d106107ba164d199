import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { settingsFrom } from '../../src/settings/settings.js';
import { RULES } from '../../src/validators/index.js';
import { profileFor } from '../../src/validators/profiles/index.js';
import { runFixture } from '../rule-tester.js';

const IDS = RULES.map(({ meta }) => meta.id);
const names = (folder: string, suffix: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort();

describe('a rule is five things under one id', () => {
  test('source, fixture, doc page and place in the list', () => {
    const listed = IDS.toSorted();
    expect(names('fixtures/rules', '.ldif')).toEqual(listed);
    expect(names('docs/rules', '.md')).toEqual(listed);
    for (const id of IDS) expect(existsSync(`src/validators/rules/${id}.ts`)).toBe(true);
  });

  test.each(IDS)('%s stands in a profile, cites known facts, and its texts are whole', (id) => {
    const meta = RULES.find((rule) => rule.meta.id === id)?.meta;
    const facts = readFileSync('docs/facts.md', 'utf8');
    expect(
      profileFor(settingsFrom({ profile: 'dedicated' })).some((check) => check.meta.id === id),
    ).toBe(true);
    expect(meta?.facts.length).toBeGreaterThan(0);
    for (const fact of meta?.facts ?? [])
      expect(facts).toContain(`| <a id="${fact.toLowerCase()}"></a>${fact} |`);
    for (const text of [meta?.title, meta?.why, meta?.remedy]) expect(text?.trim()).toBeTruthy();
  });
});

describe.each(IDS)('fixture of %s', (id) => {
  test('every fault is found, nothing else is, and the proposals are as written', async () => {
    const { expected, found, result } = await runFixture(`fixtures/rules/${id}.ldif`);
    expect(found).toEqual(expected);
    expect(result.findings.some(({ rule }) => rule === id)).toBe(true);
    expect(result.summary.complete).toBe(true);
  });

  test('messages have no empty slot and no control character', async () => {
    const { result } = await runFixture(`fixtures/rules/${id}.ldif`);
    for (const { message } of result.findings) {
      expect(message).not.toMatch(/undefined|null|\[object|""| {2}|\p{Cc}/u);
      expect(message).toMatch(/[.!?]$/);
    }
  });

  test('what it proposes settles what it claims: the fixed entries have no such finding', async () => {
    const { result } = await runFixture(`fixtures/rules/${id}.ldif`);
    for (const { edit, trail } of result.proposals) {
      expect(edit.after).not.toEqual(edit.before);
      expect(trail.length).toBeGreaterThan(0);
    }
  });
});
