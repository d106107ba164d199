/** `npm run demo`: scans the demo company and leaves the reports in demo/. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const args = [
  'scan',
  'fixtures/directories/contoso.ldif',
  '--map-suffix=contoso.local=contoso.com',
  '--map-suffix=*.contoso.local=contoso.com',
  '--verified-domains=contoso.com',
  '--member-limit=25',
  '--csv=demo/review.csv',
  '--jsonl=demo/scan.jsonl',
  '--ldif=demo/safe.ldif',
  '--html=demo/report.html',
  '--junit=demo/junit.xml',
  '--fail-on=never',
];

mkdirSync('demo', { recursive: true });
console.log(`presync ${args.join(' ')}\n`);
const { status } = spawnSync(process.execPath, ['dist/cli.js', ...args], { stdio: 'inherit' });
console.log('In this checkout, type "node dist/cli.js" for "presync".');
process.exitCode = status ?? 2;
