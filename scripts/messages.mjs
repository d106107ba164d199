/** What docs/messages.md holds: what every rule says about the fixtures, and what no message may do. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scan } from '../dist/index.js';
import { snapshotSource } from '../dist/ldap/offline/snapshot.js';
import { settingsFrom } from '../dist/settings/settings.js';
import { RULES } from '../dist/validators/index.js';

const FOLDERS = ['rules', 'field-cases'].map((name) =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)),
);

/** More than this a sentence of a message should not have, a quoted value being one word. */
const WORDS = 32;
const SENTENCES = 3;

const HEAD = `# Messages

What presync says, by rule: each wording once, on a value of the fixtures. A message has at most ${SENTENCES} sentences: what is wrong with
the value, what comes of it in the cloud, what to do; after a semicolon stands what presync makes of it. This page is
generated, so that the wording can be read in one go.
`;

async function findingsOf(path) {
  const text = readFileSync(path, 'utf8');
  const chosen = /^# settings: (.*)$/m.exec(text)?.[1];
  const settings = settingsFrom(chosen ? JSON.parse(chosen) : {});
  const bytes = async function* () {
    yield Buffer.from(text, 'utf8');
  };
  const { findings } = await scan([snapshotSource(path, bytes, { bases: [] })], { settings });
  return findings;
}

/** A value as a message quotes it; one may hold quotation marks itself. */
const QUOTED = /"(?:[^"]|"(?=[\w@)]))*"/g;

/** Characters and their names, as a message lists them. */
const LISTED = / (holds|has|begins or ends with) .+?(?=, which|\. (?=[A-Z]))/g;

/** A message without what differs from value to value. */
function wording(message) {
  return message
    .replace(QUOTED, '"…"')
    .replace(LISTED, ' $1 …')
    .replace(/(held|taken) by .+? \([\w-]+\)/g, '$1 by …')
    .replace(/; (?!this entry).+? keeps it/g, '; … keeps it')
    .replace(/\b\d+\b/g, 'N');
}

/** The wordings of each rule over all fixtures, each with the first message that has it. */
export async function wordings() {
  const found = new Map(RULES.map(({ meta }) => [meta.id, new Map()]));
  for (const folder of FOLDERS)
    for (const name of readdirSync(folder).sort())
      for (const { rule, message } of await findingsOf(`${folder}/${name}`)) {
        const key = wording(message);
        if (!found.get(rule).has(key)) found.get(rule).set(key, message);
      }
  return found;
}

export function messagesPage(found) {
  const parts = RULES.map(({ meta }) => {
    const lines = [...found.get(meta.id).values()].map((message) => `- ${escaped(message)}`);
    return `## ${meta.id}\n\n${meta.title}.\n\n${lines.join('\n')}\n`;
  });
  return [HEAD, ...parts].join('\n');
}

/** Values of a fixture are text, not Markdown. */
function escaped(text) {
  return text.replace(/[\\`*_<>[\]|~]/g, '\\$&');
}

/** The rules without a message in the fixtures, and the messages that are too long or name a DN, one line each. */
export function messageProblems(found) {
  return [...found].flatMap(([rule, messages]) =>
    messages.size === 0
      ? [`fixtures: no message of ${rule}.`]
      : [...messages.values()].flatMap((text) =>
          complaints(text).map((one) => `${rule}: ${one}: ${text}`),
        ),
  );
}

/** What is wrong with the wording of a message. */
export function complaints(text) {
  const sentences = text.replace(QUOTED, '"…"').split(/(?<=\.) /);
  const long = sentences.filter((one) => one.split(' ').length > WORDS);
  return [
    ...(sentences.length > SENTENCES ? [`more than ${SENTENCES} sentences`] : []),
    ...(long.length > 0 ? [`a sentence of more than ${WORDS} words`] : []),
    ...(new Set(sentences).size < sentences.length ? ['a sentence twice'] : []),
    ...(/\b(?:CN|OU|DC)=\w/i.test(sentences.join()) ? ['a DN in prose'] : []),
  ];
}
