import { readBaseline } from '../../src/export/jsonl/read-baseline.js';
import { readScan } from '../../src/export/jsonl/read-review.js';
import { sameValues } from '../../src/ldap/format/values.js';
import { compareWith } from '../../src/scan/baseline.js';
import { parseConfig } from '../../src/settings/config-file.js';
import { settingsFrom } from '../../src/settings/settings.js';
import { company } from './company.js';
import { damaged } from './mutate.js';
import { chunked, fateOf, type Target } from './target.js';

/**
 * A report in JSON lines that was damaged: refused by its line, or read as a baseline and for a review alike. As a
 * baseline it hides no finding that the whole one does not hold; a review is offered what the scan proposed.
 */
export const reports: Target = (random) =>
  fateOf(async () => {
    const { report, result, edits } = await company();
    const bytes = damaged(report, random);
    const [one, other] = [
      await fateOf(async () => {
        const baseline = await readBaseline('x.jsonl', chunked(bytes, random(bytes.length)));
        const { findings, comparison } = compareWith(result, baseline, 'x.jsonl');
        const told = findings.length + (comparison?.known.length ?? 0);
        if (told !== result.findings.length) throw new Error(`${told} findings`);
        return 'taken';
      }),
      await fateOf(async () => {
        const { proposals } = await readScan('x.jsonl', chunked(bytes, random(bytes.length)));
        for (const { id, edit } of proposals) {
          const own = edits.get(id);
          if (!own || !sameValues(own.after, edit.after))
            throw new Error(`proposed: ${JSON.stringify(edit)}`);
        }
        return 'taken';
      }),
    ];
    if (one !== other) throw new Error(`a baseline is ${one}, a review ${other}`);
    return one;
  });

const CONFIG = JSON.stringify(
  {
    sources: ['a.ldif'],
    profile: 'default',
    suffixMap: { 'contoso.local': 'contoso.com' },
    verifiedDomains: ['contoso.com'],
    memberLimit: 5,
    keep: ['primary'],
    matchUsersBy: 'mail',
    suppressions: [
      { rule: 'blank-value', under: 'OU=x,DC=contoso,DC=com', reason: 'x', expires: '2027-03-31' },
    ],
  },
  undefined,
  2,
);

/** A configuration file that was damaged: told what is wrong, or taken for what it says. */
export const configurations: Target = (random) =>
  fateOf(async () => {
    const parsed = parseConfig(damaged(CONFIG, random).toString('utf8'));
    if ('problems' in parsed) return 'refused';
    const { suffixMap = {}, keep, ...choices } = parsed.config;
    const mapSuffix = Object.entries(suffixMap).map((sides) => sides.join('='));
    settingsFrom({ ...choices, keep: keep?.join(), mapSuffix });
    return 'taken';
  });
