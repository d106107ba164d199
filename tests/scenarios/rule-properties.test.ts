import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scan } from '../../src/index.js';
import { withValue } from '../../src/ldap/entry/entry.js';
import type { Entry, EntrySource, Value } from '../../src/model/entry.js';
import type { Finding } from '../../src/model/finding.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { compare } from '../../src/text/order.js';
import { createEngine } from '../../src/validators/engine/engine.js';
import type { ProfileLine } from '../../src/validators/engine/profile-line.js';
import { RULES } from '../../src/validators/index.js';
import { profileFor } from '../../src/validators/profiles/index.js';
import { type Draft, draft, draftOf, entryOf, SETTINGS } from '../arbitrary.js';
import { faultsOf, fixOf, keysOf } from '../profile-lines.js';

// The same examples in every run; PRESYNC_SEED=$RANDOM looks for new ones.
fc.configureGlobal({ seed: Number(process.env['PRESYNC_SEED'] ?? 20261122) });

const ALWAYS_THERE = ['objectclass', 'objectguid'];

const LINES = SETTINGS.flatMap((settings) =>
  profileFor(settings).map((line) => ({ line, settings })),
);

/** The lines of one rule in all profiles; equal lines of two profiles are judged with the settings of each. */
const linesOf = (rule: string) => LINES.filter(({ line }) => line.meta.id === rule);

/** An entry that writes down which attributes it is asked for; a list of all names counts as asking for everything. */
function recording(entry: Entry, asked: Set<string>): Entry {
  return Object.freeze({
    dn: entry.dn,
    guid: entry.guid,
    kind: entry.kind,
    values: (name: string) => {
      asked.add(name.toLowerCase());
      return Object.freeze([...entry.values(name)]);
    },
    get attributes() {
      asked.add('everything');
      return Object.freeze([...entry.attributes]);
    },
  });
}

function declared({ attribute, meta }: ProfileLine): ReadonlySet<string> {
  const names = [attribute, ...meta.reads, ...meta.absence, ...ALWAYS_THERE];
  return new Set(names.map((name) => name.toLowerCase()));
}

const bytesOf = (entry: Entry) =>
  JSON.stringify(
    entry.attributes.map((name) => [
      name,
      entry.values(name).map((v) => (typeof v === 'string' ? v : [...v])),
    ]),
  );

/** The same entry, with the values of each attribute in the opposite order. */
const turned = ({ classes, values }: Draft): Draft => ({
  classes,
  values: Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.toReversed()])),
});

const RULE_IDS = RULES.map(({ meta }) => meta.id);
const RUNS = { numRuns: 60 };

describe.each(RULE_IDS)('%s, whatever the entry holds', (id) => {
  const read = linesOf(id).flatMap(({ line }) => [...declared(line)]);
  const relevant = draftOf([...new Set(read)].filter((name) => !ALWAYS_THERE.includes(name)));

  test('reads what it declares, changes nothing, says the same twice, in whole sentences', () => {
    fc.assert(
      fc.property(relevant, (drawn) => {
        for (const { line, settings } of linesOf(id)) {
          const entry = entryOf(drawn);
          if (!line.kinds.includes(entry.kind)) continue;
          const before = bytesOf(entry);
          const asked = new Set<string>();
          const watched = recording(entry, asked);
          const faults = faultsOf(line, watched, settings);
          expect([...keysOf(line, watched, settings)]).toEqual(keysOf(line, entry, settings));
          expect(faultsOf(line, entry, settings)).toEqual(faults);
          for (const { value } of faults)
            if (typeof value !== 'object') fixOf(line, value, watched, settings);
          expect([...asked].filter((name) => !declared(line).has(name))).toEqual([]);
          expect(bytesOf(entry)).toBe(before);
          for (const { error, value, message } of faults) {
            expect(line.meta.errors).toContain(error);
            expect([undefined, ...entry.values(line.attribute)]).toContainEqual(value);
            expectWhole(message);
          }
        }
      }),
      RUNS,
    );
  });

  test('takes the values of an attribute in any order', () => {
    fc.assert(
      fc.property(relevant, (drawn) => {
        const [one, other] = [entryOf(drawn), entryOf(turned(drawn))];
        for (const { line, settings } of linesOf(id)) {
          if (!line.kinds.includes(one.kind)) continue;
          const judged = (entry: Entry) =>
            faultsOf(line, entry, settings)
              .map((fault) => {
                const isText = typeof fault.value !== 'object';
                return { fault, fix: isText && fixOf(line, fault.value, entry, settings) };
              })
              .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
          expect(judged(other)).toEqual(judged(one));
        }
      }),
      RUNS,
    );
  });

  test('a fix changes its input, comes to rest, and splits no character', () => {
    fc.assert(
      fc.property(relevant, (drawn) => {
        const entry = entryOf(drawn);
        for (const { line, settings } of linesOf(id)) {
          if (!line.kinds.includes(entry.kind)) continue;
          for (const { value } of faultsOf(line, entry, settings)) {
            if (typeof value === 'object') continue;
            const fix = fixOf(line, value, entry, settings);
            if (fix?.value === undefined) continue;
            expect(line.meta.fix).not.toBe('none');
            expect(fix.value).not.toBe(value);
            expect(fix.value).not.toMatch(/\p{Cs}/u);
            const fixed = withValue(entry, line.attribute, value, fix.value);
            const again = fixOf(line, fix.value, fixed, settings);
            expect(again?.value ?? fix.value).toBe(fix.value);
          }
        }
      }),
      RUNS,
    );
  });
});

function expectWhole(message: string): void {
  expect(message).toMatch(/[.!?]$/);
  expect(message).not.toMatch(/\p{Cc}|\p{Cs}|\bundefined\b|\[object|\bNaN\b/u);
}

/** A directory that delivers everything. */
function directoryOf(entries: readonly Entry[]): EntrySource {
  return {
    name: 'directory',
    undelivered: async () => new Map(),
    async *pages() {
      yield { entries, gaps: [] };
    },
  };
}

const named = (drafts: readonly Draft[]) => drafts.map((drawn, at) => entryOf(drawn, `U${at}`));

describe.each(SETTINGS)('the scan of any directory, settings %#', (settings) => {
  const few = fc.array(draft, { minLength: 1, maxLength: 4 });

  test('does not depend on the order of entries and values', async () => {
    await fc.assert(
      fc.asyncProperty(few, async (drafts) => {
        const forwards = await scan([directoryOf(named(drafts))], { settings });
        const backwards = await scan([directoryOf(named(drafts.map(turned)).toReversed())], {
          settings,
        });
        expect(backwards).toEqual(forwards);
      }),
      { numRuns: 40 },
    );
  });

  test('breaks no rule, and every message is whole', async () => {
    await fc.assert(
      fc.asyncProperty(few, async (drafts) => {
        const { findings } = await scan([directoryOf(named(drafts))], { settings });
        expect(findings.filter(({ rule }) => rule === 'rule-failed')).toEqual([]);
        for (const { message } of findings) expectWhole(message);
      }),
      { numRuns: 40 },
    );
  });

  test('proposes nothing that breaks a rule; advice may stay', async () => {
    const engine = createEngine(profileFor(settings), settings);
    await fc.assert(
      fc.asyncProperty(draft, async (drawn) => {
        const entry = entryOf(drawn);
        const { proposals } = await scan([directoryOf([entry])], { settings });
        for (const { edit } of proposals) {
          const [before] = edit.before;
          const [after] = edit.after;
          if (after === undefined) continue;
          const faults = engine.check(withValue(entry, edit.attribute, before, after));
          const open = faults.filter((fault) => isAbout(fault, edit.attribute, after));
          expect(open.filter(({ severity }) => severity !== 'info')).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function isAbout(finding: Finding, attribute: string, value: Value): boolean {
  return finding.attribute === attribute && finding.value === value;
}

describe('a profile', () => {
  test.each(SETTINGS)(
    'judges no attribute of an entry twice by one rule, settings %#',
    (settings) => {
      const lines = profileFor(settings).flatMap(({ meta, attribute, kinds }) =>
        kinds.map((kind) => `${meta.id} ${attribute} ${kind}`),
      );
      expect(lines.filter((line, at) => lines.indexOf(line) !== at)).toEqual([]);
    },
  );

  test.each(['userPrincipalName', 'mail'] as const)(
    'the dedicated one judges all that the default one does, as sharply or more, and more (%s)',
    (loginAttribute) => {
      const lines = (profile: 'default' | 'dedicated') =>
        new Map(
          profileFor(settingsFrom({ profile, loginAttribute })).flatMap((line) =>
            line.kinds.map((kind) => [`${line.meta.id} ${line.attribute} ${kind}`, line] as const),
          ),
        );
      const order = ['info', 'warning', 'error'];
      const dedicated = lines('dedicated');
      for (const [key, { severity }] of lines('default')) {
        const sharper = dedicated.get(key)?.severity ?? 'missing';
        expect([key, order.indexOf(sharper) >= order.indexOf(severity)]).toEqual([key, true]);
      }
      expect(dedicated.size).toBeGreaterThan(lines('default').size);
    },
  );
});
