import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { presync, readCells, readRecords, scratch } from '../../presync.js';
import { picture, type Started, seriousFaults, startReview } from '../../review/start.js';
import { describeProgram, describeServer } from '../../servers/available.js';
import { startChromium } from '../../servers/chromium.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';

const OU = 'OU=Staff,DC=contoso,DC=local';

const person = (name: string, further: readonly string[]) =>
  [`dn: CN=${name},${OU}`, 'objectClass: user', `sAMAccountName: ${name}`, ...further, ''].join(
    '\n',
  );

describeProgram('chromium', 'apply from the page', () => {
  describeServer('samba', 'to an Active Directory domain controller', () => {
    const { path, remove } = scratch();
    let dc: SambaServer;
    let browser: Browser;
    let page: Page;
    let review: Started;

    beforeAll(async () => {
      [dc, browser] = await Promise.all([startSamba(), startChromium()]);
      writeFileSync(path('password'), dc.password);
      await dc.add(`dn: ${OU}\nobjectClass: organizationalUnit\n`);
      const upn = (name: string) => `userPrincipalName: ${name}@contoso.local`;
      const addresses = [
        ['anna', upn('anna'), 'mail: info@contoso.com'],
        ['bruno', upn('bruno'), 'proxyAddresses: smtp:info@contoso.com'],
        // Clean, so that no sheet names it: only the directory knows what it holds.
        ['carla', 'userPrincipalName: taken@contoso.com'],
      ] as const;
      await dc.add(addresses.map(([name, ...lines]) => person(name, lines)).join('\n'));
    }, 120_000);
    afterEach(async () => {
      await page?.close();
      await review?.stop();
    });
    afterAll(async () => {
      await browser?.close();
      await dc?.stop();
      remove();
    }, 60_000);

    const login = () => ['--bind-dn', dc.admin, '--password-file', path('password'), '--insecure'];
    const sheet = () => path('sheet.csv');
    const line = (name: string, attribute: string) =>
      page.locator('.row', { hasText: name }).filter({ hasText: attribute }).first();
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const said = (text: string) => page.locator('.said', { hasText: text }).waitFor();
    const state = async () => {
      const attributes = ['userPrincipalName', 'mail', 'proxyAddresses'];
      const found = await dc.search({ base: OU, scope: 'one', attributes });
      return Object.fromEntries(
        found.map((entry) => [entry.dn, attributes.map((name) => entry.values(name))]),
      );
    };
    async function open(...flags: string[]) {
      const suffix = '--map-suffix=contoso.local=contoso.com';
      const reports = ['--csv', sheet(), '--fail-on', 'never', '--base', OU];
      rmSync(sheet(), { force: true });
      await presync(['scan', dc.ldaps, ...login(), suffix, ...reports]);
      review = await startReview([sheet(), dc.ldaps, ...login(), ...flags], { cwd: path('.') });
      page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
      await page.goto(review.url);
      await page.locator('.row').first().waitFor();
    }
    async function plan() {
      await button('Apply…').click();
      await button('Show what would change').click();
    }

    test('is shown, confirmed with the number of entries, written, and put back', async () => {
      const before = await state();
      await open();
      await button('Accept 2 safe').click();
      await said('2 rows accepted');
      await line('bruno', 'proxyAddresses').click();
      await button('Reject').click();
      await said('1 row rejected');
      await plan();
      await page.getByText('2 entries to change, 2 changes, 0 rows refused').waitFor();
      const apply = button('Apply');
      expect(await apply.isDisabled()).toBe(true);
      expect(await seriousFaults(page)).toEqual([]);
      await picture(page, 'review-apply');
      await page.getByLabel('Type 2 to write to 2 entries').fill('3');
      expect(await apply.isDisabled()).toBe(true);
      expect(await state()).toEqual(before);
      await page.getByLabel('Type 2 to write to 2 entries').fill('2');
      await apply.click();
      await page.locator('dialog').getByText('Apply: 2 applied').waitFor();
      const after = await state();
      expect(after[`CN=anna,${OU}`]).toEqual([['anna@contoso.com'], ['info@contoso.com'], []]);
      expect(after[`CN=bruno,${OU}`]?.[0]).toEqual(['bruno@contoso.com']);
      const upn = () =>
        readCells(sheet()).filter((cells) => cells['ATTRIBUTE'] === 'userPrincipalName');
      expect(upn().map((cells) => [cells['ACTION'], cells['RESULT']])).toEqual([
        ['COMPLETE', 'applied'],
        ['COMPLETE', 'applied'],
      ]);
      const journal =
        (await page.locator('dialog .value', { hasText: '.jsonl' }).textContent()) ?? '';
      expect(journal).toMatch(/^presync-apply-.*\.jsonl$/);
      expect(existsSync(path(journal))).toBe(true);
      expect(await seriousFaults(page)).toEqual([]);
      await picture(page, 'review-applied');
      await button('Put everything back…').click();
      await page.getByLabel('Type 2 to put back 2 entries').fill('2');
      await button('Put back').click();
      await page.locator('dialog').getByText('Undo: 2 applied').waitFor();
      expect(await state()).toEqual(before);
      expect(upn().map((cells) => [cells['ACTION'], cells['RESULT']])).toEqual([
        ['EDIT', ''],
        ['EDIT', ''],
      ]);
      expect((await review.stop()).code).toBe(0);
      // What the page wrote is what the commands read.
      const records = readRecords(readFileSync(path(journal), 'utf8'));
      expect(records.map(({ type }) => type)).toContain('outcome');
      const again = await presync(['undo', path(journal), dc.ldaps, ...login()]);
      expect(again.out).toContain('2 rows already as they were');
    }, 120_000);

    test('who holds a value is asked of the directory, of the whole entry too', async () => {
      await open();
      await line('bruno', 'userPrincipalName').click();
      await button('Edit').click();
      await page.getByLabel('Update').fill('taken@contoso.com');
      await page.getByText(`Taken: CN=carla,${OU} (userPrincipalName) holds it.`).waitFor();
      await page.getByText(`Asked ${dc.ldaps}`).waitFor();
      await button('Save').click();
      await page.getByText('Refused: "taken@contoso.com" is held by CN=carla').waitFor();
      await page.getByLabel('Update').fill('b*(runo)@contoso.com');
      await page.locator('.answer .bad').first().waitFor();
      await page.getByLabel('Update').fill('free@contoso.com');
      await page.getByText('No rule objects, nobody has it.').waitFor();
      await button('Cancel').click();
      await line('bruno', 'proxyAddresses').click();
      await button('Choose who keeps it…').click();
      await page
        .getByRole('dialog')
        .getByText('enabled')
        .or(page.getByText('disabled'))
        .first()
        .waitFor();
      await picture(page, 'review-keeper-directory');
      expect(
        await page
          .getByRole('dialog')
          .getByText(/^\d{4}-\d\d-\d\d$/)
          .count(),
      ).toBe(2);
    }, 120_000);

    test('beyond the cap nothing at all is written', async () => {
      const before = await state();
      await open('--max-changes', '1');
      await button('Accept 2 safe').click();
      await said('2 rows accepted');
      await plan();
      await page.getByText('2 entries would be changed, --max-changes allows 1').waitFor();
      expect(await button('Apply').count()).toBe(0);
      await page.getByLabel('At most so many entries').fill('1');
      await button('Show what would change').click();
      await page.getByLabel('Type 1 to write to 1 entry').waitFor();
      expect(await state()).toEqual(before);
    }, 120_000);

    test('a row that someone else changed is refused, and says so in the sheet', async () => {
      await open();
      const change = [
        'changetype: modify',
        'replace: userPrincipalName',
        'userPrincipalName: other@contoso.com',
      ];
      await button('Accept 2 safe').click();
      await said('2 rows accepted');
      await dc.add(`dn: CN=anna,${OU}\n${change.join('\n')}\n`);
      await plan();
      await page
        .getByText(/Row \d+ refused: .*VALUE is not what userPrincipalName holds now/)
        .waitFor();
      await page.getByLabel('Type 1 to write to 1 entry').fill('1');
      await button('Apply').click();
      await page.locator('dialog').getByText('Apply: 1 applied').waitFor();
      await button('Close').click();
      await page.locator('.row .badge.failed').waitFor();
      const anna = readCells(sheet()).find(
        (cells) => cells['COMMONNAME'] === 'anna' && cells['ATTRIBUTE'] === 'userPrincipalName',
      );
      expect(anna).toMatchObject({ ACTION: 'FAIL', RESULT: expect.stringContaining('refused: ') });
      expect((await review.stop()).code).toBe(3);
      expect((await state())[`CN=anna,${OU}`]?.[0]).toEqual(['other@contoso.com']);
    }, 120_000);
  });
});
