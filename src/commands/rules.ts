import { EXIT, ExpectedError } from '../errors.js';
import type { RuleMeta } from '../model/rule.js';
import { settingsFrom } from '../settings/settings.js';
import { RULES } from '../validators/index.js';
import { profileFor } from '../validators/profiles/index.js';
import type { ArgumentTable, CommandBody } from './command-body.js';
import { asFlag } from './flags/setting-names.js';
import { columns } from './text/table.js';

const RULES_ARGUMENTS = {
  id: { type: 'string', describe: 'Rule to explain' },
} as const satisfies ArgumentTable;

/** `presync rules`: lists the rules, or explains one. */
export const rulesCommand: CommandBody<typeof RULES_ARGUMENTS, Record<never, never>> = {
  positionals: RULES_ARGUMENTS,
  options: {},
  examples: [
    ['$0 rules', 'every rule'],
    ['$0 rules duplicate-address', 'one rule: why, what to do, where it comes from'],
  ],
  epilogue: 'Exit codes: 0 told, 2 there is no such rule.',
  run: async ({ id }, io) => {
    await io.out(id === undefined ? list() : explanation(find(id)));
    return EXIT.ok;
  },
};

function find(id: string): RuleMeta {
  const rule = RULES.find(({ meta }) => meta.id === id);
  if (rule) return rule.meta;
  throw new ExpectedError(`There is no rule "${id}".`, 'presync rules lists them.');
}

function list(): string {
  const head = ['Rule', 'Severity', 'Fix', 'What it finds'];
  const rows = RULES.map(({ meta }) => [meta.id, meta.severity, meta.fix, meta.title]);
  return `${columns([head, ...rows])}\n\npresync rules ID explains one.\n`;
}

function explanation(meta: RuleMeta): string {
  const judged = profileFor(settingsFrom({ profile: 'dedicated' })).filter(
    (line) => line.meta.id === meta.id,
  );
  const rows: readonly (readonly [string, string])[] = [
    ['Severity', meta.severity],
    ['ERROR', meta.errors.join(', ')],
    ['Judges', [...new Set(judged.map(({ attribute }) => attribute))].join(', ')],
    ['Of', meta.kinds.join(', ')],
    ['Proposal', meta.fix],
    ...settingsRow(meta),
    ['Facts', meta.facts.join(', ')],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`).join('\n');
  return `${meta.id}: ${meta.title}\n\n${table}\n\nWhy\n  ${meta.why}\n\nWhat to do\n  ${meta.remedy}\n`;
}

function settingsRow({ settings = [] }: RuleMeta): readonly (readonly [string, string])[] {
  return settings.length === 0 ? [] : [['Settings', settings.map(asFlag).join(', ')]];
}
