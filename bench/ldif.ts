import { once } from 'node:events';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { summaryOf } from './ldap.js';
import { inTurn, measure, median, middle, presync, type Reading } from './measure.js';
import { peopleLdif } from './people.js';
import {
  mebibytes,
  ratio,
  type Scale,
  type Section,
  seconds,
  type Target,
  table,
  thousands,
} from './report.js';

const MEMORY = 2 ** 30;
const SECONDS = 60;

interface Size {
  readonly entries: number;
  readonly bytes: number;
  readonly findings: number;
  readonly readings: readonly Reading[];
}

/** Scans of LDIF files, each ten times as large as the one before. */
export async function ldif({ rounds, quick }: Scale, folder: string): Promise<Section> {
  const sizes: Size[] = [];
  for (const entries of quick ? [1_000, 10_000, 100_000] : [10_000, 100_000, 1_000_000])
    sizes.push(await scanFile(entries, folder, rounds));
  const rows = sizes.map(({ entries, bytes, findings, readings }) => [
    thousands(entries),
    mebibytes(bytes),
    thousands(findings),
    seconds(Math.min(...readings.map(({ wall }) => wall))),
    seconds(middle(readings)),
    seconds(median(readings.map(({ cpu }) => cpu))),
    thousands(entries / middle(readings)),
    mebibytes(peakOf(readings)),
  ]);
  const head = ['entries', 'file', 'findings', 'wall, least', 'wall, median', 'processor, median'];
  const body = `Six addresses an entry, one entry of a hundred faulty; review sheet and JSON lines written.

${table([...head, 'entries a second', 'peak memory'], rows)}`;
  return { body, targets: targetsOf(sizes) };
}

async function scanFile(entries: number, folder: string, rounds: number): Promise<Size> {
  const file = join(folder, 'people.ldif');
  const lines = join(folder, 'people.jsonl');
  await writePeople(file, entries);
  const reports = ['--csv', join(folder, 'people.csv'), '--jsonl', lines];
  const scan = { ...presync('scan', file, ...reports, '--fail-on', 'never'), weighed: true };
  const [readings = []] = await inTurn(rounds, () => measure(scan));
  const { entries: seen, findings } = summaryOf(lines);
  if (seen !== entries) throw new Error(`presync saw ${seen} of ${entries} entries`);
  const bytes = statSync(file).size;
  rmSync(file);
  return { entries, bytes, findings, readings };
}

async function writePeople(file: string, count: number): Promise<void> {
  const stream = createWriteStream(file);
  for (const text of peopleLdif(count, 'DC=contoso,DC=com'))
    if (!stream.write(text)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
}

function targetsOf(sizes: readonly Size[]): readonly Target[] {
  const growth = sizes.slice(1).map(({ entries, readings }, at): Target => {
    const cost = middle(readings) / middle(sizes[at]?.readings);
    const what = `time for ${thousands(entries)} entries to that for a tenth of them`;
    return { what, wanted: '≤ 11', measured: ratio(cost), reached: cost <= 11 };
  });
  const [largest] = sizes.slice(-1);
  if (!largest) return growth;
  const name = `${thousands(largest.entries)} entries`;
  const [time, peak] = [middle(largest.readings), peakOf(largest.readings)];
  return [
    {
      what: `${name}: time`,
      wanted: `≤ ${SECONDS} s`,
      measured: seconds(time),
      reached: time <= SECONDS,
    },
    {
      what: `${name}: peak memory`,
      wanted: `≤ ${mebibytes(MEMORY)}`,
      measured: mebibytes(peak),
      reached: peak <= MEMORY,
    },
    ...growth,
  ];
}

function peakOf(readings: readonly Reading[]): number {
  return Math.max(...readings.map(({ peak }) => peak));
}
