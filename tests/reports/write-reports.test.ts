import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { presync, scratch } from '../presync.js';

const CONTOSO = 'fixtures/directories/contoso.ldif';
const { path, remove } = scratch();
afterAll(remove);

test('both reports are written beside the summary, and no other file', async () => {
  const args = ['scan', CONTOSO, '--html', path('a.html'), '--junit', path('a.xml')];
  const { code, out } = await presync(args);
  expect(code).toBe(1);
  expect(out).toContain('44 entries read');
  expect(readFileSync(path('a.html'), 'utf8')).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  const junit = readFileSync(path('a.xml'), 'utf8');
  expect(junit).toMatch(/^<\?xml .*<\/testsuites>\n$/s);
  expect(junit).toContain('<failure message="16 × An address that several entries hold"');
  expect(readdirSync(dirname(path('a.html'))).sort()).toEqual(['a.html', 'a.xml']);
});

test('a scan that could not run leaves neither', async () => {
  writeFileSync(path('empty.ldif'), '');
  const args = ['scan', path('empty.ldif'), '--html', path('b.html'), '--junit', path('b.xml')];
  expect((await presync(args)).code).toBe(2);
  expect([existsSync(path('b.html')), existsSync(path('b.xml'))]).toEqual([false, false]);
});

test('either goes to standard output, and the summary out of its way', async () => {
  const html = await presync(['scan', CONTOSO, '--html', '-']);
  expect(html.out).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  expect(html.err).toContain('44 entries read');
  const junit = await presync(['scan', CONTOSO, '--junit', '-', '--fail-on=never']);
  expect(junit.out).toMatch(/^<\?xml .* failures="0" .*<\/testsuites>\n$/s);
  const both = await presync(['scan', CONTOSO, '--html', '-', '--junit', '-']);
  expect([both.code, both.out]).toEqual([2, '']);
});

test('--fail-on decides which findings fail a test case', async () => {
  const failed = async (failOn: string) => {
    const args = ['scan', CONTOSO, '--junit', '-', '--fail-on', failOn];
    return Number(/failures="(\d+)"/.exec((await presync(args)).out)?.[1]);
  };
  const [errors, warnings] = [await failed('error'), await failed('warning')];
  expect(errors).toBeGreaterThan(0);
  expect(warnings).toBeGreaterThan(errors);
});
