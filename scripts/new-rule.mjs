/**
 * `npm run new-rule ID [ATTRIBUTE]`: writes what a rule is made of, from the templates in scripts/new-rule/. The tests of
 * the rule fail, and name each place, until everything is filled in.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const PROFILES = 'src/validators/profiles';
const FIRST_LIST = 'people.ts';

const [id = '', attribute = 'displayName'] = process.argv.slice(2);
const name = id.replace(/-([a-z\d])/g, (_, letter) => letter.toUpperCase());

function refuse(why) {
  console.error(why);
  process.exit(2);
}

if (!/^[a-z]+(-[a-z\d]+)+$/.test(id))
  refuse(
    'Usage: npm run new-rule ID [ATTRIBUTE]\nID is the fault in two words or more: late-name, surrounding-space.',
  );
if (!/^[a-z][a-z\d-]*$/i.test(attribute)) refuse(`"${attribute}" is no name of an attribute.`);

/** A person whom no rule finds fault with, but for the attribute to judge. */
function person(cn, value) {
  const account = cn.toLowerCase();
  const values = {
    cn,
    displayName: cn,
    sAMAccountName: account,
    userPrincipalName: `${account}@contoso.com`,
  };
  return Object.entries({ ...values, [attribute]: value })
    .map((line) => line.join(': '))
    .join('\n');
}

const slots = {
  id,
  name,
  attribute,
  anna: person('Anna', 'FILL IN'),
  bruno: person('Bruno', 'FILL IN'),
};

function template(file) {
  const text = readFileSync(`scripts/new-rule/${file}`, 'utf8');
  return text.replace(/\{(id|name|attribute|anna|bruno)\}/g, (_, slot) => slots[slot]);
}

/** The profile and the list with the lines on an attribute: where there is none yet, the list on people. */
function listFor() {
  for (const file of readdirSync(PROFILES).toSorted()) {
    const text = readFileSync(`${PROFILES}/${file}`, 'utf8');
    const line = file === 'dedicated.ts' ? -1 : text.lastIndexOf(`, '${attribute}',`);
    if (line >= 0) return { path: `${PROFILES}/${file}`, text, end: text.indexOf('\n];', line) };
  }
  const text = readFileSync(`${PROFILES}/${FIRST_LIST}`, 'utf8');
  return { path: `${PROFILES}/${FIRST_LIST}`, text, end: text.indexOf('\n];') };
}

const files = {
  [`src/validators/rules/${id}.ts`]: template('rule.ts.txt'),
  [`fixtures/rules/${id}.ldif`]: template('fixture.ldif.txt'),
  [`docs/rules/${id}.md`]: template('page.md.txt'),
};
const known = Object.keys(files).find((file) => existsSync(file));
if (known) refuse(`There is a ${known} already.`);
for (const [file, text] of Object.entries(files)) writeFileSync(file, text);

const { path, text, end } = listFor();
const line = `\n  use(${name}, '${attribute}', undefined),`;
const head = `import { ${name} } from '../rules/${id}.js';\n`;
writeFileSync(path, head + text.slice(0, end) + line + text.slice(end));
// Sorts the import in.
const biome = [
  'node_modules/@biomejs/biome/bin/biome',
  'check',
  '--write',
  path,
  ...Object.keys(files),
];
const { status, stderr } = spawnSync(process.execPath, biome, { encoding: 'utf8' });
if (status !== 0) refuse(stderr);

console.log(`Written:
${Object.keys(files)
  .map((file) => `  ${file}`)
  .join('\n')}
  ${path}, a line on ${attribute}

Fill in what the tests name:
  npm test -- tests/validators/index.test.ts -t ${id} --verbose=false
then npm run docs writes the rest of the page. CONTRIBUTING.md says more.`);
