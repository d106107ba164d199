import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { testsBySource } from '../../scripts/mutants/choose.js';
import { drawn, type Mutant, mutantsOf } from '../../scripts/mutants/mutate.js';
import {
  described,
  type Equivalent,
  isEquivalent,
  type Judged,
  score,
  table,
} from '../../scripts/mutants/report.js';
import { linesIn, mutantsBelow } from '../../scripts/mutants/select.js';
import { sourceOf } from '../../scripts/mutants/tree.js';
import { wordsIn } from '../../scripts/mutants/words.js';

const words = new Map([
  ['safe', 'review'],
  ['review', 'safe'],
]);
/** What the mutants of a text make of it, each as a whole; only such as parse. */
function made(text: string): readonly string[] {
  const all = mutantsOf('src/a.ts', text, words);
  return drawn(all, Number.POSITIVE_INFINITY, 1, () => text)
    .toSorted((a, b) => all.indexOf(a) - all.indexOf(b))
    .map(({ after }) => after);
}

describe('a mutant is a fault that somebody could make', () => {
  test.each([
    ['a < b;', ['a <= b;', 'a >= b;']],
    ['a >= b;', ['a > b;', 'a < b;']],
    ['a === b;', ['a !== b;']],
    ['a && b;', ['a;', 'b;', 'a || b;']],
    ['a ?? b;', ['a;', 'b;']],
    ['!a;', ['a;']],
    ['a + b;', ['a - b;']],
    ['a + `b`;', []],
    ['a += 1;', ['a -= 1;', 'a += 2;', 'a += 0;']],
    ['a ??= b;', ['a = b;']],
    ['f(7);', ['f(8);', 'f(6);']],
    ['f(30_000, 2 ** 8, 16 * 1024);', ['f(30_000, 2 ** 8, 16 / 1024);']],
    ["f('safe');", ["f('review');"]],
    ["f('\\n');", ["f('');"]],
    ['f(true);', ['f(false);']],
    ['f(a ? b : c);', ['f(true ? b : c);', 'f(false ? b : c);']],
    ['f([a, ...b]);', ['f([]);', 'f([a, ]);']],
    ['f({ ...a, b });', ['f({  b });']],
    ['a?.b();', ['a.b();']],
    ['f(a?.[0]?.(b));', ['f(a?.[0](b));', 'f(a[0]?.(b));', 'f(a?.[1]?.(b));', 'f(a?.[-1]?.(b));']],
    ['f(a.filter(g));', ['f(a);']],
    ['f(a.some(g));', ['f(a.every(g));']],
    ['f(/^a+$/i);', ['f(/a+$/i);', 'f(/^a+/i);', 'f(/^a$/i);', 'f(/^a+$/);']],
  ])('%s', (text, expected) => {
    const removed = mutantsOf('src/a.ts', text, words).filter(({ after }) => after === ';');
    expect(removed).toHaveLength(1);
    expect(
      made(text)
        .filter((after) => after !== ';')
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  test('conditions are decided, and steps left out', () => {
    expect(made('if (a) throw b;')).toEqual(
      expect.arrayContaining(['if (true) throw b;', 'if (false) throw b;', 'if (a) ;']),
    );
    expect(made('while (a) await b();')).toEqual(['while (false) await b();', 'while (a) ;']);
    expect(made('const a = b().catch(() => {});')).toEqual(['const a = b();']);
  });

  test('its place is that of the text, also behind letters of several octets', () => {
    const text = "// 1 – one\nconst a = 'ä—𝒳';\n\nconst b = a <\n  c;\n";
    const [mutant] = mutantsOf('src/a.ts', text, words).filter(({ line }) => line > 2);
    expect(mutant).toMatchObject({ line: 4, before: 'const b = a <', after: 'const b = a <=' });
  });
});

test.each([
  "import a from 'a';\nexport * from 'b';\nexport { c } from 'd';",
  "type A = 'safe' | 1;\ninterface B { readonly a: 'safe'; b(c: 1): true }",
  'function f(a: 1 | true, b?: A[1]): a is 1 {}',
  "const a = b as 'safe';\nconst c = d satisfies 7;\nconst e = f<true>;",
  '/** a < b; */\n// f(1);',
  "const a = 'No entry has this name.';\nconst b = `some of ` + c;",
  "const a = { 'user-name': b };",
])('nothing is a fault that nobody could see at run time, or words for people: %s', (text) => {
  expect(made(text)).toEqual([]);
});

test('a call that never returns stays: the types need it', () => {
  const text = 'function fail(a: A): never {\n  throw a;\n}\nfail(b);';
  expect(made(text)).toEqual([';']);
  expect(mutantsOf('src/a.ts', text, words)).toMatchObject([{ line: 2 }]);
});

test('a code word becomes the next of the smallest list that holds it', () => {
  const text = "type A = 'a' | 'b' | 'c';\nconst B = ['b', 'd'] as const;\ntype C = 'e' | number;";
  expect([...wordsIn([sourceOf(text)])].toSorted()).toEqual([
    ['a', 'b'],
    ['b', 'd'],
    ['c', 'a'],
    ['d', 'b'],
  ]);
});

test('a seed draws the same mutants each time, another seed others', () => {
  const all = mutantsBelow(['src/mail']);
  expect(all.length).toBeGreaterThan(500);
  const draw = (seed: number) =>
    drawn(all, 20, seed, (file) => readFileSync(file, 'utf8')).map(({ start, text }) => [
      start,
      text,
    ]);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(draw(1)).toHaveLength(20);
});

test('the lines that changed are those that a diff adds', () => {
  const diff = `--- a/src/a.ts
+++ b/src/a.ts
@@ -3 +3,2 @@ f
-x
+y
+z
@@ -9,2 +10,0 @@
-gone
-gone
--- a/src/b.ts
+++ b/src/b.ts
@@ -1 +1 @@
-x
+y`;
  const lines = [...linesIn(diff)].map(([file, own]) => [file, [...own]]);
  expect(lines).toEqual([
    ['src/a.ts', [3, 4]],
    ['src/b.ts', [1]],
  ]);
});

test('the tests that could notice a change begin with the one that stands there', () => {
  const tests = testsBySource()('src/mail/address-form.ts');
  expect(tests[0]).toEqual({
    test: 'tests/mail/address-form.test.ts',
    built: false,
    reach: 'own',
    weight: 0,
  });
  expect(tests.find(({ test }) => test === 'tests/cli.test.ts')).toMatchObject({ built: true });
  const whole = testsBySource()('src/remediation/run/resume.ts').filter(({ built }) => built);
  expect(whole[0]?.test).toBe('tests/scenarios/resume-truth.test.ts');
  expect(tests.find(({ test }) => test.startsWith('tests/tables/'))).toBeUndefined();
});

describe('the report', () => {
  const [mutant] = mutantsOf('src/a/b/c.ts', 'f(!a);', words) as [Mutant];
  const of = (fate: 'killed' | 'hung' | 'untyped' | 'survived'): Judged => ({
    mutant,
    fate,
    ran: ['tests/a/b/c.test.ts'],
  });

  test('counts what was noticed among what could be', () => {
    const judged: Judged[] = [
      of('killed'),
      of('hung'),
      of('untyped'),
      of('survived'),
      { mutant, fate: 'equivalent' },
    ];
    expect(score(judged)).toBeCloseTo(200 / 3);
    expect(table(judged).split('\n').slice(2)).toEqual([
      '| src/a | 5 | 1 | 1 | 1 | 1 | 1 | 67 % |',
      '| all | 5 | 1 | 1 | 1 | 1 | 1 | 67 % |',
    ]);
    expect(score([of('untyped')])).toBeUndefined();
  });

  test('shows a survivor with its place, its change, and the tests that ran', () => {
    expect(described(of('survived'))).toBe(
      'src/a/b/c.ts:1\n  - f(!a);\n  + ;\n  ran: tests/a/b/c.test.ts',
    );
  });
});

test('each recorded equivalent is still a mutant of its file, and says why nobody can notice it', () => {
  const records = JSON.parse(
    readFileSync('scripts/mutants/equivalents.json', 'utf8'),
  ) as readonly Equivalent[];
  const all = mutantsBelow([...new Set(records.map(({ file }) => file))]);
  const idle = records.filter((record) => !all.some((mutant) => isEquivalent(mutant, [record])));
  expect(idle).toEqual([]);
  expect(records.filter(({ reason }) => reason.length < 20)).toEqual([]);
});
