import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { presync, scratch } from '../presync.js';
import { describeProgram } from '../servers/available.js';
import { startChromium } from '../servers/chromium.js';

jest.setTimeout(60_000);

const { path, remove } = scratch();
afterAll(remove);

/** What the common schema of JUnit reports asks of a file, read by the XML parser of a browser. */
async function shapeOf(browser: Browser, xml: string) {
  const page = await browser.newPage();
  const shape = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'application/xml');
    const children = (of: Element) => [...of.children].map(({ nodeName }) => nodeName);
    const counts = (of: Element) =>
      ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(of.getAttribute(name)));
    const suite = parsed.querySelector('testsuite');
    const cases = [...parsed.querySelectorAll('testsuite > testcase')];
    return {
      broken: parsed.querySelector('parsererror')?.textContent,
      root: parsed.documentElement.nodeName,
      counts: [counts(parsed.documentElement), suite ? counts(suite) : []],
      counted: [
        cases.length,
        ...['failure', 'error', 'skipped'].map((name) => parsed.querySelectorAll(name).length),
      ],
      unnamed: cases.filter((one) => !one.getAttribute('name') || !one.getAttribute('classname')),
      elements: [...new Set(cases.flatMap(children))].sort(),
      crowded: cases.filter((one) => one.children.length > 1).length,
      text: parsed.documentElement.textContent ?? '',
    };
  }, xml);
  await page.close();
  return shape;
}

describeProgram('chromium', 'the JUnit report', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  test('is XML of the common shape whatever the directory holds', async () => {
    const control = String.fromCodePoint(
      ...Array.from({ length: 0xa0 }, (_, n) => n + 1),
      ...[0x2028, 0x202e, 0xfffd, 0xfffe, 0xffff, 0x1fffe, 0x10ffff],
    );
    const value = Buffer.from(`]]><!--&amp;"'${control}`).toString('base64');
    const ldif = ['a', 'b'].map(
      (name) =>
        `dn: CN=${name},DC=c\nobjectClass: user\nsAMAccountName: ${name}\nmail:: ${value}\ndisplayName:: ${value}\n`,
    );
    writeFileSync(path('hostile.ldif'), `${ldif.join('\n')}\nresult: 4 Size limit exceeded\n`);
    const args = ['scan', path('hostile.ldif'), '--fail-on=info', '--junit', path('out.xml')];
    expect((await presync(args)).code).toBe(3);
    const shape = await shapeOf(browser, readFileSync(path('out.xml'), 'utf8'));
    expect(shape).toMatchObject({ root: 'testsuites', unnamed: [], crowded: 0 });
    expect(shape.broken).toBeUndefined();
    expect(shape.counts).toEqual([shape.counted, shape.counted]);
    expect(shape.elements).toEqual(expect.arrayContaining(['error', 'failure', 'skipped']));
    expect(shape.text).toContain(`]]><!--&amp;"'\\u{1}`);
  });
});
