/** `npm run bench [-- PART … --quick --rounds N]`: measures presync beside a yardstick in the same run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apply } from './apply.js';
import { ldif } from './ldif.js';
import { mebibytes, type Scale, type Section, table, yesOrNo } from './report.js';
import { samba } from './samba.js';
import { slapd } from './slapd.js';
import { start } from './start.js';

const PARTS: Readonly<Record<string, (scale: Scale, folder: string) => Promise<Section>>> = {
  start,
  ldif,
  slapd,
  samba,
  apply,
};
const RESULTS = 'bench/results.md';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const scale: Scale = { rounds: Number(values.rounds), quick: values.quick };
const unknown = positionals.find((name) => !(name in PARTS));
if (unknown !== undefined) throw new Error(`No part ${unknown}: ${Object.keys(PARTS).join(', ')}`);
const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS);

const folder = mkdtempSync(join(tmpdir(), 'presync-bench-'));
const head = heading();
const sections: Section[] = [];
try {
  for (const name of chosen) {
    const section = await PARTS[name]?.(scale, folder);
    if (!section) continue;
    console.log(sectionText(section));
    sections.push(section);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const summary = targetsText(sections);
console.log(summary);
// A run of some parts, or of small ones, would take the place of a whole one.
if (!scale.quick && chosen.length === Object.keys(PARTS).length)
  writeFileSync(RESULTS, [head, summary, ...sections.map(sectionText)].join('\n'));

function heading(): string {
  const [cpu] = cpus();
  const load = loadavg()[0]?.toFixed(2);
  return `# Measured speed

Figures of one machine on one day; the ratios to a yardstick in the same run say more than the seconds. Each part ran
${scale.rounds} times in turn with its yardstick (the starts more often); ratios are those of the medians.

- machine: ${cpus().length} × ${cpu?.model}, ${mebibytes(totalmem())}, Linux ${release()}, load ${load} before the run
- Node.js ${process.version}
- date: ${new Date().toISOString().slice(0, 10)}
- command: \`${['npm run bench', ...process.argv.slice(2)].join(' -- ')}\`
`;
}

function targetsText(sections: readonly Section[]): string {
  const rows = sections
    .flatMap(({ targets }) => targets)
    .map(({ what, wanted, measured, reached }) => [what, wanted, measured, yesOrNo(reached)]);
  return `## Targets\n\n${table(['', 'wanted', 'measured', 'reached'], rows)}`;
}

function sectionText({ title, body }: Section): string {
  return `## ${title}\n\n${body}`;
}
