/** `npm run bench [-- PART … --quick --rounds N --users N]`: measures presync beside a yardstick in the same run. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apply } from './apply.js';
import { ldif } from './ldif.js';
import { mebibytes, merged, type Scale, type Section, sectionText } from './report.js';
import { samba } from './samba.js';
import { slapd } from './slapd.js';
import { start } from './start.js';

interface Part {
  readonly title: string;
  readonly run: (scale: Scale, folder: string) => Promise<Section>;
}

const PARTS: Readonly<Record<string, Part>> = {
  start: { title: 'Start', run: start },
  slapd: { title: 'Scan over LDAP from OpenLDAP', run: slapd },
  samba: { title: 'Scan over LDAPS from Samba AD', run: samba },
  apply: { title: 'Apply to OpenLDAP', run: apply },
  ldif: { title: 'Scan of an LDIF file', run: ldif },
};

const RESULTS = 'bench/results.md';
const INTRO = `# Measured speed

Each section holds the figures of one machine on one day. What else the machine did meets presync and its yardstick
alike, for they run in turn: the ratios, of medians, say more than the seconds. \`npm run bench\` measures all of it
anew, \`npm run bench -- PART …\` some of it (${Object.keys(PARTS).join(', ')}).
`;

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    users: { type: 'string' },
  },
  allowPositionals: true,
});
const users = values.users === undefined ? undefined : Number(values.users);
const scale: Scale = { rounds: Number(values.rounds), quick: values.quick, users };
const unknown = positionals.find((name) => !(name in PARTS));
if (unknown !== undefined) throw new Error(`No part ${unknown}: ${Object.keys(PARTS).join(', ')}`);
const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS);

const folder = mkdtempSync(join(tmpdir(), 'presync-bench-'));
try {
  for (const name of chosen) if (PARTS[name]) await measurePart(PARTS[name]);
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs a part; prints its section and, unless it is a quick one, puts it into the results. */
async function measurePart({ title, run }: Part): Promise<void> {
  const circumstances = described();
  const text = sectionText(title, circumstances, await run(scale, folder));
  console.log(text);
  if (scale.quick) return;
  const titles = Object.values(PARTS).map((part) => part.title);
  const older = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '';
  writeFileSync(RESULTS, merged(INTRO, titles, older, new Map([[title, text]])));
}

/** When, how and on what machine a part is measured. */
function described(): string {
  const [cpu] = cpus();
  const load = loadavg()[0]?.toFixed(1);
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' });
  const words = ['npm run bench', process.argv.slice(2).join(' ')].filter((word) => word !== '');
  return `${new Date().toISOString().slice(0, 10)}, \`${words.join(' -- ')}\`, ${scale.rounds} rounds, commit ${commit.trim()};
${cpus().length} × ${cpu?.model}, ${mebibytes(totalmem())}, Linux ${release()}, Node.js ${process.version}, load ${load} before.`;
}
