/** `npm run pictures`: makes the pictures of docs/pictures from the demo, in Debian's Chromium. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const FOLDER = 'docs/pictures';

/** One picture each: gets a page to draw on, and the text that the demo printed. */
const PICTURES = {
  summary: { width: 1000, height: 400, draw: drawSummary },
  report: { width: 1280, height: 1300, draw: drawReport },
  review: { width: 1280, height: 700, draw: drawReview },
};

/** The demo's summary as a terminal shows it, from the command to the counts. */
async function drawSummary(page, printed) {
  const text = printed.slice(0, printed.indexOf('\nNext:')).trimEnd();
  await page.setContent(`<style>
    body { margin: 0; padding: 16px; background: #e9edf3 }
    pre { margin: 0; padding: 20px 24px; border-radius: 10px; background: #101720; color: #d7dee8;
      font: 13px/1.45 "DejaVu Sans Mono", monospace; white-space: pre-wrap }
  </style><pre></pre>`);
  await page.evaluate((shown) => {
    document.querySelector('pre').textContent = shown;
  }, text);
  return page.locator('body');
}

async function drawReport(page) {
  await page.goto(pathToFileURL(resolve('demo/report.html')).href);
  await page.locator('.tabulator-row').first().waitFor();
}

/** The review with its safe proposals accepted and a shared address to decide on; of a copy, for the page writes into its sheet. */
async function drawReview(page) {
  copyFileSync('demo/review.csv', 'demo/decided.csv');
  const review = spawn(process.execPath, ['dist/cli.js', 'review', 'demo/decided.csv']);
  page.once('close', () => review.kill('SIGINT'));
  const [url] = await once(review.stdout, 'data');
  await page.goto(String(url).trim());
  await page.getByRole('button', { name: /^Accept \d+ safe$/ }).click();
  await page.locator('.row', { hasText: 'accepted' }).first().waitFor();
  await page.locator('.row', { hasText: 'Duplicate' }).first().click();
}

const demo = spawnSync(process.execPath, ['scripts/demo.mjs'], { encoding: 'utf8' });
if (demo.status !== 0) throw new Error(`The demo failed: ${demo.stderr}`);
// The command line of the demo is long; what a person would type is its beginning.
const printed = demo.stdout.replace(/^presync scan (\S+).*\n/, '$ presync scan $1 …\n');

mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const [name, { width, height, draw }] of Object.entries(PICTURES)) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light' });
    const part = await draw(page, printed);
    const path = `${FOLDER}/${name}.png`;
    await (part ?? page).screenshot({ path });
    console.log(`${path}: ${Math.round(readFileSync(path).length / 1024)} KB`);
    await page.close();
  }
} finally {
  await browser.close();
}
