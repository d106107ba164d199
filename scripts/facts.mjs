/** How old the facts of docs/facts.md are: computed from the documents that their source cells name. */
import { withBlocks } from './idfix.mjs';

const KEY_ROW = /^\| ([A-Z0-9, -]+) \| .* \| ([^|]*) \| (\d{4}-\d{2}) \|$/gm;
const FACT_ROW =
  /^(\| <a id="[^"]+"><\/a>([A-Z]+-\d+) \| (?:.*?) \| ([^|]*) \|)(?: (?:\d{4}|undated|–)[^|]*\|)?$/gm;
const HEAD = /^\| Fact \| Attribute \|.*$/gm;
const HEAD_LINE =
  '| Fact | Attribute | What holds | What happens otherwise | Evidence | Source | Dated, read |';

/** The newest month (YYYY-MM) or year that a cell names; undefined where it names none. */
function newest(dates) {
  return [...dates.matchAll(/\b(?:19|20)\d{2}(?:-\d{2})?/g)]
    .map(([date]) => date)
    .sort()
    .at(-1);
}

/** The documents by short name: the date of the newest version that was read, and when that was. */
function documents(page) {
  const found = new Map();
  for (const [, names, dated, read] of page.matchAll(KEY_ROW))
    for (const name of names.split(', ')) found.set(name, { dated: newest(dated), read });
  return found;
}

/** What stands behind a fact: the newest date among its documents; `none` where nobody's document is named. */
function ageOf(sources, known) {
  const names = sources.split(', against')[0].split(', ');
  const own = names.map((name) => known.get(name)).filter((one) => one !== undefined);
  if (own.length === 0) return undefined;
  const dated = own
    .flatMap(({ dated: date }) => date ?? [])
    .sort()
    .at(-1);
  return {
    dated,
    read: own
      .map(({ read }) => read)
      .sort()
      .at(-1),
  };
}

/** Whether a document was more than a year old when it was read; one of which only the year is known counts from its end. */
function isOld({ dated, read }) {
  const [year, month = '12'] = dated.split('-');
  const [readYear, readMonth] = read.split('-');
  return (Number(readYear) - Number(year)) * 12 + Number(readMonth) - Number(month) > 12;
}

const link = (id) => `[${id}](#${id.toLowerCase()})`;
/** Facts as a list, those of one family on a line of their own. */
function list(ids) {
  const families = [...new Set(ids.map((id) => id.split('-')[0]))];
  const lines = families.map((family) =>
    ids
      .filter((id) => id.split('-')[0] === family)
      .map(link)
      .join(', '),
  );
  return lines.length === 0 ? 'none' : lines.join(',\n');
}

/** The page with the dates of every fact, and with the list of those that should be read again first. */
export function datedFacts(page) {
  const known = documents(page);
  const [old, undated, nobody] = [[], [], []];
  let count = 0;
  const body = page
    .replace(HEAD, HEAD_LINE)
    .replace(/^\|(?:-+\|){6}$/gm, '|---|---|---|---|---|---|---|');
  const dated = body.replace(FACT_ROW, (_, row, id, sources) => {
    const age = ageOf(sources, known);
    count += 1;
    if (age === undefined) nobody.push(id);
    else if (age.dated === undefined) undated.push(id);
    else if (isOld(age)) old.push(id);
    if (age === undefined) return `${row} – |`;
    return `${row} ${age.dated ?? 'undated'}, ${age.read} |`;
  });
  const ages = [
    `Of ${count} facts, ${old.length} rest on documents that were all more than a year old when they were read:`,
    `${list(old)}.`,
    '',
    `Their documents bear no date: ${list(undated)}.`,
    '',
    `No document of Microsoft says so: ${list(nobody)}.`,
  ].join('\n');
  return withBlocks(dated, { ages });
}

/** Short names in source cells that the key does not have, one line each. */
export function factProblems(page) {
  const known = documents(page);
  const named = [...page.matchAll(FACT_ROW)].flatMap(([, , id, sources]) =>
    sources
      .split(', ')
      .map((name) => name.replace(/^against /, ''))
      .filter((name) => !known.has(name) && name !== 'none' && name !== 'not Microsoft')
      .map((name) => `docs/facts.md: ${id} names "${name}", which the source key does not have.`),
  );
  return [...new Set(named)];
}
