import * as z from 'zod';
import { ExpectedError } from '../errors.js';
import { parseDn } from '../ldap/format/dn.js';
import { KEEP_ORDER } from '../remediation/plan/keeper.js';
import { RULES } from '../validators/index.js';
import { asKey } from './config-keys.js';
import { settingsFrom } from './settings.js';

const GUID = /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;

const text = z.string().min(1);
const isDn = (value: string) => (parseDn(value)?.length ?? 0) > 0;
const oneOrEach = (what: string) =>
  z
    .union([text, z.array(text).min(1)])
    .describe(`${what}: one for all LDAP sources, or a list with one for each of them in order.`);

const suppression = z
  .strictObject({
    rule: z
      .enum(RULES.map(({ meta }) => meta.id))
      .describe('The rule whose findings are left out; "presync rules" lists them.'),
    entry: text
      .refine((value) => GUID.test(value) || isDn(value), 'is neither a DN nor an objectGUID')
      .optional()
      .describe('Only of this entry: its DN or its objectGUID.'),
    under: text
      .refine(isDn, 'is no DN')
      .optional()
      .describe('Only of entries at this DN and below it.'),
    attribute: text.optional().describe('Only of this attribute.'),
    value: text.optional().describe('Only of this value, exactly as it is stored.'),
    reason: text.describe('Why they are left out: for whoever reads this file next year.'),
    expires: z.iso
      .date('must be a day such as "2027-03-31"')
      .optional()
      .describe('The last day (UTC) on which it holds; for ever where left out.'),
  })
  .describe('Leaves out the findings that fit all that it names.');

const config = z
  .strictObject({
    $schema: z.string().optional().describe('Where editors find this schema.'),
    sources: z
      .array(text)
      .min(1)
      .optional()
      .describe(
        'LDAP URLs, or LDIF files (*.ldif, *.ldf, packed as *.gz) by a path relative to this file.',
      ),
    bindDn: oneOrEach('Account, as a DN, a UPN or DOMAIN\\user').optional(),
    passwordFile: oneOrEach('File with the password, by a path relative to this file').optional(),
    profile: z
      .enum(['default', 'dedicated'])
      .optional()
      .describe('dedicated adds what IdFix checked for dedicated tenants.'),
    loginAttribute: z
      .enum(['userPrincipalName', 'mail'])
      .optional()
      .describe('The sign-in name; mail for alternate login ID.'),
    suffixMap: z
      .record(text, text)
      .superRefine((map, context) => {
        const mapSuffix = Object.entries(map).map((sides) => sides.join('='));
        refuse(context, () => settingsFrom({ mapSuffix }));
      })
      .optional()
      .describe('Proposed suffixes: {"contoso.local": "contoso.com"}.'),
    verifiedDomains: z
      .array(text)
      .min(1)
      .superRefine((verifiedDomains, context) =>
        refuse(context, () => settingsFrom({ verifiedDomains })),
      )
      .optional()
      .describe('Domains of the tenant.'),
    memberLimit: z.int().min(1).optional().describe('Members that a group may have.'),
    signInName: z
      .enum(['mail', 'keep'])
      .optional()
      .describe(
        'mail: propose the mail address as the sign-in name of everybody; keep: of nobody.',
      ),
    keep: z
      .array(z.enum(KEEP_ORDER))
      .min(1)
      .optional()
      .describe('Who keeps a shared address, the most important criterion first.'),
    matchUsersBy: z
      .enum(['none', 'mail', 'anchor', 'sid'])
      .optional()
      .describe('How Connect knows users of several forests again, as its setup asks.'),
    baseline: text
      .optional()
      .describe('JSONL report of an earlier scan, by a path relative to this file.'),
    suppressions: z.array(suppression).optional().describe('Findings to leave out, with reasons.'),
  })
  .meta({ title: 'presync.config.json', description: 'What a scheduled presync scan goes by.' });

/** What a configuration file says; what it leaves out has its default. */
export type Config = z.infer<typeof config>;

/** The configuration, or all that is wrong with it, one line each. */
export type ParsedConfig =
  | { readonly config: Config }
  | { readonly problems: readonly [string, ...string[]] };

/** Reads the text of a configuration file. No problem repeats a value that may be a secret. */
export function parseConfig(json: string): ParsedConfig {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problems: [`it is no JSON${lineOf(error, json)}`] };
  }
  const parsed = config.safeParse(value);
  if (parsed.success) return { config: parsed.data };
  const problems = parsed.error.issues.flatMap(describe);
  return { problems: problems as [string, ...string[]] };
}

/** The published schema (JSON Schema, draft 2020-12), made from the one that parseConfig holds files to. */
export function configSchema(): object {
  return z.toJSONSchema(config, { target: 'draft-2020-12', io: 'input' });
}

/** Turns the expected failure of a check into a problem of the file. */
function refuse(context: z.RefinementCtx, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const { message, hint } = error.worded(asKey);
    context.addIssue({ code: 'custom', message: `${message} ${hint}`, params: { isNamed: true } });
  }
}

/** The line of a syntax error, where it is known; not the parser's message, which quotes the file. */
function lineOf(error: unknown, json: string): string {
  const position = /at position (\d+)/.exec(String(error))?.[1];
  const before = position === undefined ? undefined : json.slice(0, Number(position));
  const line = before === undefined ? '' : ` (line ${before.split('\n').length})`;
  return /escape/i.test(String(error)) ? `${line}; write a backslash twice` : line;
}

const SECRET = /^(bind)?(pass(word|wd|phrase)?|pwd|secret)$/i;

function describe(issue: z.core.$ZodIssue): readonly string[] {
  // It says itself of which key it speaks.
  if (issue.code === 'custom' && issue.params?.['isNamed'] === true) return [issue.message];
  const path = pathText(issue.path);
  if (issue.code !== 'unrecognized_keys') return [`${path || 'the file'}: ${what(issue)}`];
  const known = issue.path.length === 0 ? config : suppression;
  const names = Object.keys(known.shape).filter((name) => name !== '$schema');
  return issue.keys.map((key) => {
    const why = SECRET.test(key)
      ? 'no secret may stand here; name a file that only the job can read with passwordFile'
      : `is not known here; known are ${names.join(', ')}`;
    return `${pathText([...issue.path, key])}: ${why}`;
  });
}

function what(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') {
    if (issue.path.at(-1) === 'rule')
      return 'must be the id of a rule as "presync rules" lists them';
    return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  }
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('undefined')
      ? 'is missing'
      : `must be ${NOUNS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_union') return 'must be a text, or a list of texts';
  if (issue.code === 'too_small')
    return issue.origin === 'int' || issue.origin === 'number'
      ? `must be ${issue.minimum} or more`
      : 'must not be empty';
  return issue.message;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
  number: 'a number',
};

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
