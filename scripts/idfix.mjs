/** The tables of docs/idfix.md, made from docs/idfix.json. */
import { readFileSync } from 'node:fs';

const SETS = [
  ['multi-tenant', 'Multi-tenant checks'],
  ['dedicated', 'Dedicated checks'],
];

/** Table cells: a bar inside would end the cell, even in code. */
const cell = (text) => text.replaceAll('|', '\\|');

const ruleLink = (id) => `[${id}](rules/${id}.md)`;
const factLink = (id) => `[${id}](facts.md#${id.toLowerCase()})`;
const reason = ({ presync, facts }) => `${cell(presync)} (${facts.map(factLink).join(', ')})`;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function checksOf(checks, set) {
  return table(
    ['Attribute', 'Check', 'In the manual', 'In the program', 'Rule', 'What presync does, and why'],
    checks
      .filter((check) => check.set === set)
      .map((check) => [
        check.attribute,
        cell(check.check),
        check.manual,
        cell(check.program),
        check.rules.map(ruleLink).join(', '),
        reason(check),
      ]),
  );
}

function skipTable(skips) {
  return table(
    ['Left out by IdFix', 'In the manual', 'In the program', 'presync'],
    skips.map((skip) => [cell(skip.skip), skip.manual, cell(skip.program), reason(skip)]),
  );
}

/** The generated blocks of the page by name. */
export function idfixBlocks({ checks, skips }) {
  const sets = SETS.map(([set, title]) => `### ${title}\n\n${checksOf(checks, set)}`);
  return { checks: sets.join('\n\n'), skips: skipTable(skips) };
}

/**
 * What the tables name that does not exist, one line each.
 * @param judges for each set, whether a rule judges an attribute in the profile that stands for it.
 */
export function idfixProblems({ checks, skips }, judges) {
  const facts = readFileSync('docs/facts.md', 'utf8');
  const badRules = checks.flatMap(({ set, attribute, rules }) =>
    rules
      .filter((id) => !judges(set, id, attribute))
      .map((id) => `docs/idfix.json: no rule "${id}" judges ${attribute} (${set}).`),
  );
  const badFacts = [...checks, ...skips]
    .flatMap((row) => row.facts)
    .filter((id) => !facts.includes(`<a id="${id.toLowerCase()}"></a>`))
    .map((id) => `docs/idfix.json: no fact "${id}".`);
  return [...new Set([...badRules, ...badFacts])];
}

/** The page with its generated blocks renewed; everything outside the markers is kept. */
export function withBlocks(page, blocks) {
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const start = `<!-- generated: ${name} -->`;
    const end = `<!-- end of generated: ${name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`A page has no markers for "${name}".`);
    return `${text.slice(0, from)}${start}\n\n${block}\n\n${text.slice(to)}`;
  }, page);
}
