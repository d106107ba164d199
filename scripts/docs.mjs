/** Writes what the docs hold of the rules: docs/rules.md and the head of each rule page; --check only compares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { RULES } from '../dist/validators/index.js';
import { DEFAULT_PROFILE } from '../dist/validators/profiles.js';

const END = '<!-- end of the generated part -->';
const checkOnly = process.argv.includes('--check');
let stale = 0;

function put(path, text) {
  const old = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (old === text) return;
  stale += 1;
  if (checkOnly) console.error(`${path} is out of date: run "npm run docs".`);
  else writeFileSync(path, text);
}

function judged(meta) {
  return [...new Set(DEFAULT_PROFILE.filter((c) => c.meta.id === meta.id).map((c) => c.attribute))];
}

function head(meta) {
  return [
    `# ${meta.id}`,
    '',
    `${meta.title}.`,
    '',
    '| | |',
    '| --- | --- |',
    `| Severity | ${meta.severity} |`,
    `| ERROR words | ${meta.errors.join(', ')} |`,
    `| Judges | ${judged(meta).join(', ')} |`,
    `| Of | ${meta.kinds.join(', ')} |`,
    `| Proposal | ${meta.fix} |`,
    `| Facts | ${meta.facts.map((id) => `[${id}](../facts.md#${id.toLowerCase()})`).join(', ')} |`,
    '',
    '## Why it matters',
    '',
    meta.why,
    '',
    '## What to do',
    '',
    meta.remedy,
    '',
    END,
    '',
  ].join('\n');
}

function list() {
  const rows = RULES.map(
    ({ meta }) =>
      `| [${meta.id}](rules/${meta.id}.md) | ${meta.severity} | ${meta.fix} | ${meta.title} |`,
  );
  return `# Rules\n\n| Rule | Severity | Proposal | What it finds |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n\n${END}\n`;
}

for (const { meta } of RULES) {
  const path = `docs/rules/${meta.id}.md`;
  const old = existsSync(path) ? readFileSync(path, 'utf8') : END;
  put(path, head(meta) + old.slice(old.indexOf(END) + END.length).replace(/^\n*/, '\n'));
}
put('docs/rules.md', list());
process.exitCode = checkOnly && stale > 0 ? 1 : 0;
