import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Cells, readCells, scratch, writeCells } from '../../presync.js';
import { picture, type Started, seriousFaults, startReview } from '../../review/start.js';
import { sealedCells } from '../../sealed.js';
import { describeProgram } from '../../servers/available.js';
import { startChromium } from '../../servers/chromium.js';

const HOSTILE = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';

function row(name: string, cells: Cells): Cells {
  return {
    DISTINGUISHEDNAME: `CN=${name},OU=Staff,DC=contoso,DC=com`,
    ...{ COMMONNAME: name, OBJECTCLASS: 'user', ATTRIBUTE: 'mail', ERROR: 'TopLevelDomain' },
    ...{ VALUE: '', UPDATE: '', PROPOSEDACTION: '', ACTION: '', SEVERITY: 'warning', SAFETY: '' },
    ...{ RULES: 'unroutable-domain', MESSAGE: `About ${name}.`, RELATED: '', OBJECTGUID: '' },
    ...{ ID: name.toLowerCase().replace(/\W/g, '') },
    ...cells,
  };
}

const moved = (name: string, cells: Cells = {}) => {
  const local = name.toLowerCase();
  const [VALUE, UPDATE] = [`${local}@contoso.local`, `${local}@contoso.com`];
  return row(name, { VALUE, UPDATE, PROPOSEDACTION: 'EDIT', SAFETY: 'safe', ...cells });
};
const shared = (name: string, cells: Cells) =>
  row(name, { ERROR: 'Duplicate', SEVERITY: 'error', RULES: 'duplicate-address', ...cells });

const ROWS = [
  moved('Anna'),
  moved('Bruno', { SAFETY: 'review' }),
  moved('Chiara'),
  shared('Dmitri', { VALUE: 'info@contoso.com' }),
  shared('Elena', {
    ...{ ATTRIBUTE: 'proxyAddresses', VALUE: 'smtp:info@contoso.com' },
    ...{ PROPOSEDACTION: 'REMOVE', SAFETY: 'review', RELATED: 'CN=Dmitri (mail)' },
  }),
  row('Hostile', {
    ...{ ATTRIBUTE: 'displayName', VALUE: HOSTILE, MESSAGE: HOSTILE, RELATED: HOSTILE },
    ...{ RULES: HOSTILE, ERROR: HOSTILE, COMMONNAME: HOSTILE },
    DISTINGUISHEDNAME: `CN=${HOSTILE.replace(/[<>="]/g, '\\$&')},OU=\u202eStaff,DC=contoso,DC=com`,
  }),
];

describeProgram('chromium', 'the page of a review', () => {
  const { path, remove } = scratch();
  let browser: Browser;
  let review: Started;
  let page: Page;
  let troubles: string[] = [];

  beforeAll(async () => {
    browser = await startChromium();
  }, 60_000);
  afterEach(async () => {
    await page?.close();
    await review?.stop();
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    remove();
  });

  const file = () => path('sheet.csv');
  const actions = () => readCells(file()).map((cells) => cells['ACTION']);
  const line = (name: string) => page.locator('.row', { hasText: name }).first();
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const said = (text: string | RegExp) => page.locator('.said', { hasText: text }).waitFor();

  async function show(colorScheme: 'light' | 'dark' = 'light') {
    troubles = [];
    page = await browser.newPage({ colorScheme, viewport: { width: 1400, height: 860 } });
    page.on('pageerror', (error) => troubles.push(String(error)));
    // A violation of the Content-Security-Policy is told here too.
    page.on('console', (message) => {
      const refusal = message.text().includes('status of 409');
      if (message.type() === 'error' && !refusal) troubles.push(message.text());
    });
    await page.goto(review.url);
    await page.locator('.row').first().waitFor();
  }
  async function open(rows: readonly Cells[] = ROWS, colorScheme: 'light' | 'dark' = 'light') {
    writeCells(
      file(),
      rows.map((cells) => sealedCells(cells)),
    );
    review = await startReview([file()]);
    await show(colorScheme);
  }
  const faults = () => seriousFaults(page);

  test('all safe ones of the filter are accepted, and are in the sheet', async () => {
    await open();
    await page.getByLabel('Search').fill('chiara');
    await page.getByText('1 of 6 rows').waitFor();
    await button('Accept 1 safe').click();
    await said('1 row accepted');
    expect(actions()).toEqual(['', '', 'EDIT', '', '', '']);
    await button('Clear').click();
    await button('Accept 1 safe').click();
    await page.getByText('2 decided, 4 open').waitFor();
    expect(actions()).toEqual(['EDIT', '', 'EDIT', '', '', '']);
    expect(await button('Accept 0 safe').isDisabled()).toBe(true);
    await page.getByLabel('Decision').selectOption('accepted');
    await page.getByText('2 of 6 rows').waitFor();
  }, 60_000);

  test('a value that is taken is refused with who holds it; a free one is saved', async () => {
    await open();
    await line('Bruno').click();
    await button('Edit').click();
    const update = page.getByLabel('Update');
    await update.fill('info@contoso.com');
    await page.getByText('Taken: CN=Dmitri,OU=Staff,DC=contoso,DC=com (mail) holds it.').waitFor();
    await button('Save').click();
    await page.getByText(/Refused: "info@contoso.com" is held by CN=Dmitri/).waitFor();
    expect(readCells(file())[1]).toMatchObject({ ACTION: '', UPDATE: 'bruno@contoso.com' });
    await update.fill('anna@contoso.com');
    await page.getByText('Also proposed for CN=Anna').waitFor();
    await update.fill('bruno@@contoso.com');
    await page.locator('.answer .warn, .answer .bad').first().waitFor();
    await update.fill('b.runo@contoso.com');
    await page.getByText('No rule objects, nobody has it.').waitFor();
    await page.getByText('Judged by this sheet alone').waitFor();
    await update.press('Enter');
    await said('1 row decided');
    expect(readCells(file())[1]).toMatchObject({ ACTION: 'EDIT', UPDATE: 'b.runo@contoso.com' });
  }, 60_000);

  test('the keeper of a shared value is chosen, and the other gives it up under a free name', async () => {
    await open();
    await line('Elena').click();
    await button('Choose who keeps it…').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Elena' }).check();
    const name = dialog.getByLabel('New value of Dmitri, mail');
    expect(await name.inputValue()).toBe('info2@contoso.com');
    await dialog.getByRole('radio', { name: 'Dmitri' }).check();
    expect(await dialog.getByLabel('What becomes of Elena').inputValue()).toBe('remove');
    await dialog.getByRole('radio', { name: 'Elena' }).check();
    await name.fill('anna@contoso.com');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await dialog.getByText(/Refused: "anna@contoso.com" is proposed for CN=Anna/).waitFor();
    await name.fill('reception@contoso.com');
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await said('2 rows decided');
    const [dmitri, elena] = readCells(file()).slice(3);
    expect(dmitri).toMatchObject({ ACTION: 'EDIT', UPDATE: 'reception@contoso.com' });
    expect(elena).toMatchObject({ ACTION: 'COMPLETE' });
    await button('Undo').click();
    await said('Undone: 2 rows decided');
    expect(actions()).toEqual(['', '', '', '', '', '']);
  }, 60_000);

  test('decisions are taken back and again, and closing the browser loses none', async () => {
    await open();
    await line('Anna').click();
    await button('Accept').click();
    await said('1 row accepted');
    await line('Bruno').click();
    await button('Reject').click();
    await said('1 row rejected');
    await button('Undo').click();
    await said('Undone: 1 row rejected');
    expect(actions().slice(0, 2)).toEqual(['EDIT', '']);
    await button('Redo').click();
    await said('Done again: 1 row rejected');
    expect(actions().slice(0, 2)).toEqual(['EDIT', 'COMPLETE']);
    await page.close();
    await show();
    await page.getByText('2 decided, 4 open').waitFor();
    await review.stop();
    await page.close();
    review = await startReview([file()]);
    await show();
    await page.getByText('2 decided, 4 open').waitFor();
    expect(await line('Bruno').locator('.badge.rejected').count()).toBe(1);
  }, 60_000);

  test('two windows show the same', async () => {
    await open();
    const other = await browser.newPage();
    await other.goto(review.url);
    await other.locator('.row').first().waitFor();
    await line('Anna').click();
    await button('Accept').click();
    await other.getByText('1 decided, 5 open').waitFor();
    await other.close();
  }, 60_000);

  test('the keyboard alone does it all', async () => {
    await open();
    const press = (keys: string) => page.keyboard.press(keys);
    await press('a');
    await said('1 row accepted');
    await press('r');
    await said('1 row rejected');
    await press('e');
    await page.keyboard.type('chi@contoso.com');
    await press('Enter');
    await said('1 row decided');
    expect(
      readCells(file())
        .map(({ ACTION, UPDATE }) => [ACTION, UPDATE])
        .slice(0, 3),
    ).toEqual([
      ['EDIT', 'anna@contoso.com'],
      ['COMPLETE', 'bruno@contoso.com'],
      ['EDIT', 'chi@contoso.com'],
    ]);
    await press('z');
    await said('Undone: 1 row decided');
    await press('Shift+Z');
    await said('Done again');
    await press('j');
    await page.locator('[data-row="5"]:focus').waitFor();
    await press('c');
    await page.getByRole('dialog').getByRole('radio').first().waitFor();
    await press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await press('/');
    await page.keyboard.type('anna');
    await press('Enter');
    await page.getByText('1 of 6 rows').waitFor();
    await press('o');
    await said('1 row opened again');
    await press('?');
    await page.getByText('Single letters act as keys').click();
    await press('Escape');
    await press('a');
    await press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(actions()[0]).toBe('');
  }, 60_000);

  test('several rows are selected with Shift and decided together', async () => {
    await open();
    await line('Anna').click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('r');
    await said('3 rows rejected');
    expect(actions()).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE', '', '', '']);
  }, 60_000);

  test('what a hostile directory holds does not run, and what hides in it is shown', async () => {
    await open();
    await line('window.ran').click();
    await page.locator('.detail', { hasText: HOSTILE }).waitFor();
    expect(await page.locator('.detail .unseen').first().textContent()).toBe('\\u{202e}');
    expect(await page.locator('img, .detail script').count()).toBe(0);
    await button('Edit').click();
    await page.getByLabel('Update').fill(`${HOSTILE}x`);
    await page.getByText('No rule objects, nobody has it.').waitFor();
    await page.keyboard.press('Enter');
    await said('1 row decided');
    await page.locator('.box', { hasText: `${HOSTILE}x` }).waitFor();
    expect(await page.evaluate("'ran' in window")).toBe(false);
  }, 60_000);

  test('a sheet that someone else changed is not overwritten, and is read again on demand', async () => {
    await open();
    const theirs = ROWS.map((cells, at) => (at === 3 ? { ...cells, ACTION: 'REMOVE' } : cells));
    writeCells(file(), theirs);
    await line('Anna').click();
    await button('Accept').click();
    await page.getByRole('alert').getByText('was changed by another program').waitFor();
    expect(actions()).toEqual(['', '', '', 'REMOVE', '', '']);
    await button('Read the file again').click();
    await said('The file was read again');
    await line('Anna').click();
    await button('Accept').click();
    await said('1 row accepted');
    expect(actions()).toEqual(['EDIT', '', '', 'REMOVE', '', '']);
  }, 60_000);

  test('rows that cannot be read are told of and stay as they are', async () => {
    await open();
    await review.stop();
    await page.close();
    const broken = `${readFileSync(file(), 'utf8')}"CN=broken,mail\r\n`;
    writeFileSync(file(), broken);
    review = await startReview([file()]);
    await show();
    await page.getByText('1 row of the sheet cannot be read').waitFor();
    await line('Anna').click();
    await button('Accept').click();
    await said('1 row accepted');
    const rest = (text: string) => text.split('\r\n').slice(2);
    expect(rest(readFileSync(file(), 'utf8'))).toEqual(rest(broken));
  }, 60_000);

  test.each(['light', 'dark'] as const)(
    '%s: axe finds no serious fault',
    async (colorScheme) => {
      await open(ROWS, colorScheme);
      expect(await faults()).toEqual([]);
      await picture(page, `review-rows-${colorScheme}`);
      await line('Anna').click();
      await button('Accept').click();
      await said('1 row accepted');
      await button('Edit').click();
      await page.getByLabel('Update').fill('info@contoso.com');
      await page.getByText('Taken: CN=Dmitri').waitFor();
      expect(await faults()).toEqual([]);
      await picture(page, `review-edit-${colorScheme}`);
      await page.keyboard.press('Escape');
      await line('Elena').click();
      await button('Choose who keeps it…').click();
      await page.getByRole('radio', { name: 'Elena' }).check();
      expect(await faults()).toEqual([]);
      await picture(page, `review-keeper-${colorScheme}`);
      await page.keyboard.press('Escape');
      await button('Keys').click();
      expect(await faults()).toEqual([]);
      await picture(page, `review-keys-${colorScheme}`);
    },
    120_000,
  );

  test('of fifty thousand rows only those in sight are in the page, and the last is reached', async () => {
    const many = Array.from({ length: 50_000 }, (_, n) => moved(`P${String(n).padStart(5, '0')}`));
    await open(many);
    expect(await page.locator('.row').count()).toBeLessThan(50);
    await page.keyboard.press('End');
    await page.locator('.row.current', { hasText: 'P49999' }).waitFor();
    await page.keyboard.press('a');
    await said('1 row accepted');
    expect(actions().at(-1)).toBe('EDIT');
    await button('Accept 49,999 safe').click();
    await page.getByText('50,000 decided, 0 open').waitFor();
    expect(actions().every((action) => action === 'EDIT')).toBe(true);
  }, 120_000);

  test('the page says so when the review ends at the terminal', async () => {
    await open();
    await review.stop();
    await page.getByText('The review has ended.').waitFor();
  }, 60_000);

  test('on a narrow window nothing is cut off', async () => {
    await open();
    await page.setViewportSize({ width: 640, height: 900 });
    const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(wide)).toBe(0);
    await line('Anna').click();
    await button('Accept').click();
    await said('1 row accepted');
    await picture(page, 'review-narrow');
  }, 60_000);

  test('the button ends the review', async () => {
    await open();
    await button('End review').click();
    expect((await review.ended).code).toBe(0);
    await page.getByText('The review has ended.').waitFor();
  }, 60_000);
});
