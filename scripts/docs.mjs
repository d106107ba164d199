/** Writes what the docs hold of the rules: docs/rules.md, the heads of the rule pages, docs/messages.md, docs/idfix.md, the ages in docs/facts.md, the schema of the configuration file; --check only compares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { asFlag } from '../dist/commands/flags/setting-names.js';
import { configSchema } from '../dist/settings/config-file.js';
import { settingsFrom } from '../dist/settings/settings.js';
import { RULES } from '../dist/validators/index.js';
import { profileFor } from '../dist/validators/profiles/index.js';
import { datedFacts, factProblems } from './facts.mjs';
import { idfixBlocks, idfixProblems, withBlocks } from './idfix.mjs';
import { messageProblems, messagesPage, wordings } from './messages.mjs';

const DEFAULT = profileFor(settingsFrom());
const PROFILE = profileFor(settingsFrom({ profile: 'dedicated' }));
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
  return [...new Set(PROFILE.filter((c) => c.meta.id === meta.id).map((c) => c.attribute))];
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
    ...(meta.settings
      ? [`| Settings | ${meta.settings.map((one) => `\`${asFlag(one)}\``).join(', ')} |`]
      : []),
    ...(DEFAULT.some((c) => c.meta.id === meta.id) ? [] : ['| Profile | dedicated only |']),
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
put('docs/presync.config.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`);
const idfix = JSON.parse(readFileSync('docs/idfix.json', 'utf8'));
put('docs/idfix.md', withBlocks(readFileSync('docs/idfix.md', 'utf8'), idfixBlocks(idfix)));
const messages = await wordings();
put('docs/messages.md', messagesPage(messages));
const facts = readFileSync('docs/facts.md', 'utf8');
put('docs/facts.md', datedFacts(facts));
const problems = [
  ...factProblems(facts),
  ...messageProblems(messages),
  ...idfixProblems(idfix, (set, id, attribute) =>
    (set === 'dedicated' ? PROFILE : DEFAULT).some(
      (line) => line.meta.id === id && line.attribute === attribute,
    ),
  ),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 || (checkOnly && stale > 0) ? 1 : 0;
