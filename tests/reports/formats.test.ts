import { copyFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FORMAT_NAMES, FORMATS } from '../../src/reports/formats.js';
import { presync, type Run, scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);
const SOURCE = path('source.ldif');
const BASELINE = path('before.jsonl');
const FIXTURE = 'fixtures/rules/short-sign-in-name.ldif';

beforeAll(async () => {
  copyFileSync(FIXTURE, SOURCE);
  expect((await presync(['scan', SOURCE, '--jsonl', BASELINE])).code).toBe(0);
});

const expectRefused = ({ code, out, err }: Run, why: RegExp) => {
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(why);
};

describe.each(FORMAT_NAMES)('%s', (name) => {
  test('has a flag with its description in the help', async () => {
    const { out } = await presync(['scan', '--help']);
    const words = FORMATS[name].description.split(' ').join('\\s+');
    expect(out).toMatch(new RegExp(`--${name}\\s+${words}\\s`));
  });

  test('is written to its file, or to standard output', async () => {
    const { code, out } = await presync(['scan', SOURCE, `--${name}`, path('report')]);
    expect([code, out]).toEqual([0, expect.stringContaining('4 entries read')]);
    const piped = await presync(['scan', SOURCE, `--${name}`, '-']);
    expect(piped).toMatchObject({ code: 0, err: expect.stringContaining('4 entries read') });
    // The page says when it was made.
    const timeless = (text: string) => (name === 'html' ? text.slice(0, 400) : text);
    expect(timeless(piped.out)).toBe(timeless(readFileSync(path('report'), 'utf8')));
  });

  test('does not take the place of what is scanned', async () => {
    expectRefused(
      await presync(['scan', SOURCE, `--${name}`, SOURCE]),
      /source\.ldif is read here/,
    );
    expect(readFileSync(SOURCE, 'utf8')).toBe(readFileSync(FIXTURE, 'utf8'));
  });

  test('takes the place of the baseline only where it is the next one', async () => {
    const before = readFileSync(BASELINE, 'utf8');
    const run = await presync(['scan', SOURCE, '--baseline', BASELINE, `--${name}`, BASELINE]);
    if (FORMATS[name].isBaseline) {
      expect(run.code).toBe(0);
      expect(readFileSync(BASELINE, 'utf8')).toContain('"type":"known"');
    } else {
      expectRefused(run, /before\.jsonl is read here/);
      expect(readFileSync(BASELINE, 'utf8')).toBe(before);
    }
  });

  test('shares its file with no other format', async () => {
    const other = FORMAT_NAMES.find((one) => one !== name);
    const args = [`--${name}`, path('shared'), `--${other}`, path('shared')];
    expectRefused(await presync(['scan', SOURCE, ...args]), /Two reports would be written to/);
  });
});
