import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { presync, scratch } from '../../presync.js';
import { describeProgram } from '../../servers/available.js';
import { startChromium } from '../../servers/chromium.js';
import { expectAccessible, openReport } from './open-report.js';

jest.setTimeout(180_000);

const CONTOSO = 'fixtures/directories/contoso.ldif';
/** For a person to look at; git ignores it. */
const PICTURES = 'demo/pictures';

const { path, remove } = scratch();
afterAll(remove);

async function report(name: string, source: string, ...more: readonly string[]): Promise<string> {
  const { err } = await presync(['scan', source, '--html', path(name), ...more]);
  expect(err).toBe('');
  return path(name);
}

const rowsInDocument = (page: Page) => page.locator('.tabulator-row').count();
const status = (page: Page) => page.locator('.findings [role=status]').textContent();
/** Waits until a change of the filters has arrived in the table: acting before would meet rows that are being drawn anew. */
const statusIs = (page: Page, shown: number | string) =>
  page
    .locator('.findings')
    .getByText(typeof shown === 'number' ? `${shown} of 91 findings` : shown, { exact: true })
    .waitFor();
/** The text of what has the focus. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
const cells = (page: Page, field: string) =>
  page.locator(`.tabulator-row [tabulator-field=${field}]`).allTextContents();

describeProgram('chromium', 'the HTML report', () => {
  let browser: Browser;
  let demo: string;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    demo = await report('demo.html', CONTOSO, '--member-limit=25');
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  test('opens from a file, asks for nothing, says the verdict', async () => {
    const { page, errors, requests } = await openReport(browser, demo);
    expect(await page.locator('h1').textContent()).toMatch(
      /^\d+ of 42 entries will sync \(\d+ with warnings\), \d+ are broken, most often by duplicate-address \(16 errors\)\.$/,
    );
    expect(await page.title()).toContain('42 entries will sync');
    await page.screenshot({ path: `${PICTURES}/report.png`, fullPage: true });
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  test('search, filters, charts and sort narrow and order the table', async () => {
    const { page, errors } = await openReport(browser, demo);
    const all = await status(page);
    await page.getByLabel('Search', { exact: true }).fill('tove OU=staff');
    await statusIs(page, 1);
    for (const name of await cells(page, 'name')) expect(name).toBe('Tove Nilsen');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await statusIs(page, all ?? '');

    await page.getByRole('button', { name: /^Errors/ }).click();
    await statusIs(page, 59);
    await page.getByLabel('Domain or OU').selectOption({ label: 'emea.contoso.local' });
    await statusIs(page, 7);
    const severities = new Set(await cells(page, 'severity'));
    expect(severities.has('Warning') && !severities.has('Error')).toBe(true);
    for (const place of await cells(page, 'place')) expect(place).toMatch(/^emea\.contoso\.local/);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await statusIs(page, all ?? '');

    await page
      .getByRole('table', { name: 'Findings by rule' })
      .getByText('duplicate-anchor')
      .click();
    await statusIs(page, 2);
    expect(await cells(page, 'rule')).toEqual(['duplicate-anchor', 'duplicate-anchor']);
    await page.getByLabel('Rule', { exact: true }).selectOption('');
    await statusIs(page, all ?? '');
    await page.getByLabel('Attribute', { exact: true }).selectOption('mail');
    await statusIs(page, 7);
    await page.getByLabel('Proposal', { exact: true }).selectOption('none');
    await statusIs(page, 2);
    expect(new Set(await cells(page, 'attribute'))).toEqual(new Set(['mail']));

    const sort = page.locator('.tabulator-col[tabulator-field=name]');
    await sort.getByRole('button').press('Enter');
    await page.locator('.tabulator-col[tabulator-field=name][aria-sort=ascending]').waitFor();
    const names = await cells(page, 'name');
    expect(names).toEqual([...names].sort(new Intl.Collator('en', { numeric: true }).compare));
    await sort.getByRole('button').press('Enter');
    await page.locator('.tabulator-col[tabulator-field=name][aria-sort=descending]').waitFor();
    expect(await cells(page, 'name')).toEqual(names.toReversed());

    await page.getByLabel('Search', { exact: true }).fill('nothing like it');
    await page.getByText('No finding fits these filters.').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a row opens to what, why and what to do, the holders side by side, and the page of the rule', async () => {
    const { page, errors, requests } = await openReport(browser, demo);
    await page.getByLabel('Rule', { exact: true }).selectOption('duplicate-address');
    await statusIs(page, 16);
    await page.getByLabel('Proposal', { exact: true }).selectOption('review');
    await statusIs(page, 8);
    await page.locator('.tabulator-row', { hasText: 'Jonas Weber (Consultant)' }).click();
    const drawer = page.getByRole('dialog', { name: 'An address that several entries hold' });
    for (const heading of [
      'What',
      'Proposal',
      'Who holds it',
      'Why it matters to sync',
      'What to do',
    ])
      await drawer.getByRole('heading', { name: heading, exact: true }).waitFor();
    const holders = await drawer.locator('.holder h4').allTextContents();
    expect(holders).toEqual(
      expect.arrayContaining(['Jonas Weber (Consultant) (this entry)', 'Jonas Weber']),
    );
    expect(await drawer.locator('.change').textContent()).toContain(
      'smtp:jonas.weber@contoso.comAfterremove the value',
    );
    await page.screenshot({ path: `${PICTURES}/report-details.png` });
    await drawer.getByRole('button', { name: 'Jonas Weber', exact: true }).first().click();
    await drawer.locator('.facts', { hasText: 'Jonas Weber' }).waitFor();

    await drawer.getByRole('link', { name: 'duplicate-address', exact: true }).click();
    const rule = page.getByRole('dialog', { name: 'Rule duplicate-address' });
    await rule.getByRole('heading', { name: 'What counts as the same address' }).waitFor();
    await page.screenshot({ path: `${PICTURES}/report-rule.png` });
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  test('every rule has its page, and the links between them lead somewhere', async () => {
    const { page } = await openReport(browser, demo);
    const rules = await page.locator('.rule-list a').allTextContents();
    expect(rules.length).toBeGreaterThan(40);
    for (const id of rules.filter((one) => one !== 'rule-failed')) {
      await page.evaluate((rule) => {
        location.hash = `rule/${rule}`;
      }, id);
      const drawer = page.getByRole('dialog', { name: `Rule ${id}`, exact: true });
      await drawer.getByRole('heading', { name: 'Why it matters' }).waitFor();
      for (const link of await drawer.getByRole('link').all())
        expect(rules).toContain((await link.getAttribute('href'))?.replace('#rule/', ''));
    }
    await page.close();
  });

  test('the keyboard does everything', async () => {
    const { page } = await openReport(browser, demo);
    await page.getByLabel('Search', { exact: true }).focus();
    const rows = await page.locator('.tabulator-row .opener').allTextContents();
    for (let presses = 0; presses < 40 && (await focused(page)) !== rows[0]; presses += 1)
      await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(rows[0]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      (name) => document.activeElement?.textContent === name,
      rows[2] ?? '',
    );
    await page.keyboard.press('End');
    const last = await page.locator('.grid').getAttribute('aria-rowcount');
    await page.locator(`.tabulator-row[aria-rowindex="${last}"]:focus-within`).waitFor();
    await page.keyboard.press('Home');
    await page.locator('.tabulator-row[aria-rowindex="2"]:focus-within').waitFor();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.waitFor();
    await drawer.getByRole('button', { name: 'Next' }).press('Enter');
    await drawer.getByText('2 of ').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.locator('.tabulator-row[aria-rowindex="3"]:focus-within').waitFor();
    await page.close();
  });

  test('a row keeps the focus when the table comes into sight, and all fit when its width changes', async () => {
    const { page } = await openReport(browser, demo);
    const first = page.locator('.opener').first();
    await first.evaluate((opener: HTMLElement) => opener.focus({ preventScroll: true }));
    await page.locator('.grid').evaluate((grid) => grid.scrollIntoView({ block: 'center' }));
    await page.evaluate(async () => {
      for (let frames = 0; frames < 20; frames += 1) await new Promise(requestAnimationFrame);
    });
    expect(await first.evaluate((opener) => opener === document.activeElement)).toBe(true);
    await page.setViewportSize({ width: 1700, height: 900 });
    await page.waitForFunction(() => {
      const [grid, row] = ['.grid', '.tabulator-header'].map((one) => document.querySelector(one));
      const columns = [...document.querySelectorAll<HTMLElement>('.tabulator-col')];
      const sum = columns.reduce((wide, { offsetWidth }) => wide + offsetWidth, 0);
      return grid && row && Math.abs(sum - grid.clientWidth) < 40;
    });
    await page.close();
  });

  test.each(['light', 'dark'] as const)('axe finds no grave fault in %s', async (scheme) => {
    const { page } = await openReport(browser, demo, scheme);
    await page.locator('.tabulator-row').first().waitFor();
    await expectAccessible(page);
    await page.locator('.tabulator-row', { hasText: 'duplicate-address' }).first().click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await page.screenshot({ path: `${PICTURES}/report-${scheme}.png` });
    await page.getByRole('dialog').getByRole('link').first().click();
    await page.locator('.prose h3').first().waitFor();
    await expectAccessible(page);
    await page.close();
  });

  test('paper gets verdict, charts and the rows that are left, and says what is left out', async () => {
    const { page } = await openReport(browser, demo);
    await page.getByRole('button', { name: /^Warnings/ }).click();
    await page.getByRole('button', { name: /^Info/ }).click();
    await statusIs(page, 32);
    const printed = page.locator('.printed');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    expect(await printed.locator('p').textContent()).toBe('32 findings, filtered from 91.');
    expect(await printed.locator('tbody tr').count()).toBe(32);
    expect(await page.locator('.findings').isVisible()).toBe(false);
    expect(await page.locator('h1').isVisible()).toBe(true);
    await page.pdf({ path: `${PICTURES}/report.pdf`, format: 'A4' });
    await page.close();
  });

  test('hostile values stand there as text and run nothing', async () => {
    const run = 'window.hacked=1';
    const values = [
      `<script>${run}</script>\u202E`,
      `"><img src=x onerror=${run}>\u202E`,
      `</script><script>${run}</script>\u2028`,
      `<!--<script>\u200B`,
      `{{constructor.constructor('${run}')()}}\u0000`,
    ];
    const hex = (text: string) =>
      [...Buffer.from(text)].map((b) => `\\${b.toString(16).padStart(2, '0')}`).join('');
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const entries = values.map((value, at) => {
      const dn = `CN=${hex(`${value}${at}`)},OU=${hex(value)},DC=c`;
      return `dn:: ${base64(dn)}\nobjectClass: user\nsAMAccountName: u${at}\nuserPrincipalName:: ${base64(`${value}@contoso.com`)}\ndisplayName:: ${base64(value)}\nmail: same@contoso.com\n`;
    });
    writeFileSync(path('hostile.ldif'), entries.join('\n'));
    const file = await report('hostile.html', path('hostile.ldif'), '--fail-on=never');
    const { page, errors, requests } = await openReport(browser, file);
    await page.locator('.tabulator-row').first().waitFor();
    const text = (await cells(page, 'value')).join('\n');
    expect(text).toContain(`<script>${run}</script>\\u{202e}`);
    expect(text).toContain(`</script><script>${run}</script>\\u{2028}`);
    await page.locator('.tabulator-row').first().click();
    const drawer = page.getByRole('dialog');
    const next = drawer.getByRole('button', { name: 'Next' });
    for (let at = 1; await next.isEnabled(); at += 1) {
      await next.click();
      await drawer.getByText(`${at + 1} of `).waitFor();
    }
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.locator('.printed').waitFor({ state: 'attached' });
    await page.screenshot({ path: `${PICTURES}/report-hostile.png` });
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.locator('img, iframe').count()).toBe(0);
    expect(await page.evaluate(() => /[\u202E\u2028\u200B]/.test(document.body.innerText))).toBe(
      false,
    );
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
    await page.close();
  });

  test('the policy lets no other script run', async () => {
    const { page, errors } = await openReport(browser, demo);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.hacked=1';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.hacked=1">');
    });
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(errors.join()).toMatch(/Content Security Policy/);
    await page.close();
  });

  test('fifty thousand findings: only the rows in sight are in the document, and all are reached', async () => {
    const users = Array.from({ length: 13_000 }, (_, n) => {
      const name = `user ${n}`;
      return `dn: CN=${name},OU=Staff ${n % 50},DC=contoso,DC=local\nobjectClass: user\ncn: ${name}\nsAMAccountName: u${n}\ndisplayName: ${name}\nuserPrincipalName: ${n}.@contoso.com\nmail: a..${n}@contoso.com\nproxyAddresses: SMTP:b ${n}@contoso.com\n`;
    });
    writeFileSync(path('many.ldif'), users.join('\n'));
    const file = await report('many.html', path('many.ldif'), '--fail-on=never');
    const { page, errors } = await openReport(browser, file);
    await page.locator('.tabulator-row').first().waitFor();
    expect(
      Number(/^[\d,]+/.exec((await status(page)) ?? '')?.[0].replaceAll(',', '')),
    ).toBeGreaterThan(50_000);
    expect(await rowsInDocument(page)).toBeLessThan(100);
    await page.locator('.opener').first().focus();
    await page.keyboard.press('End');
    const last = Number(await page.locator('.grid').getAttribute('aria-rowcount'));
    await page.locator(`.tabulator-row[aria-rowindex="${last}"]:focus-within`).waitFor();
    expect(await rowsInDocument(page)).toBeLessThan(100);
    await page.getByLabel('Search', { exact: true }).fill('user 12999');
    await page.locator('.tabulator-row', { hasText: 'user 12999' }).first().waitFor();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('.printed p').textContent()).toMatch(/^\d findings, filtered from 5/);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('.tabulator-row', { hasText: 'user 0' }).first().waitFor();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('.printed p').textContent()).toMatch(
      /^The first 2,000 of 5\d,\d+ findings; /,
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a scan that did not see everything says so before all else', async () => {
    const cut =
      'dn: CN=a,DC=c\nobjectClass: user\ncn: a\nmail: a..b@contoso.com\n\n# numResponses: 2\n# search result\nresult: 4 Size limit exceeded\n';
    writeFileSync(path('cut.ldif'), cut);
    const { code } = await presync(['scan', path('cut.ldif'), '--html', path('cut.html')]);
    expect(code).toBe(3);
    const { page } = await openReport(browser, path('cut.html'));
    expect(await page.locator('h1').textContent()).toMatch(/^INCOMPLETE SCAN: of what was seen, /);
    await page.getByRole('alert').getByText('did not see everything').waitFor();
    expect(await page.getByRole('alert').locator('li').count()).toBeGreaterThan(0);
    await page.screenshot({ path: `${PICTURES}/report-incomplete.png` });
    await expectAccessible(page);
    await page.close();
  });

  test('with a baseline it says which of its numbers count more than what is new', async () => {
    const place = 'fixtures/directories/contoso.ldif';
    await presync(['scan', place, '--jsonl', path('old.jsonl')]);
    const files = ['--baseline', path('old.jsonl'), '--html', path('new.html')];
    expect((await presync(['scan', place, ...files])).code).toBe(0);
    const { page } = await openReport(browser, path('new.html'));
    await page.getByText('Known and suppressed findings count here, and nowhere below.').waitFor();
    await page.getByText('No findings.').waitFor();
    expect(await page.locator('h1').textContent()).toMatch(/ 0 new since the baseline\.$/);
    await page.close();
  });
});
