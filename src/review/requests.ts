import type { Choice, Decision } from './api.js';
import { RefusedError } from './http.js';

/** Reads what a page asks. Each throws RefusedError on what no page of ours sends. */

type Fields = Readonly<Record<string, unknown>>;

export function readDecision(body: unknown): Decision {
  const fields = fieldsOf(body);
  switch (fields['is']) {
    case 'accept':
      return { is: 'accept', rows: rowsOf(fields), onlySafe: fields['onlySafe'] === true };
    case 'reject':
    case 'reopen':
      return { is: fields['is'], rows: rowsOf(fields) };
    case 'choose':
      return {
        is: 'choose',
        choices: choicesOf(fields),
        insist: fields['insist'] === true,
      };
    default:
      throw wrong();
  }
}

/** One for each row: two could not both be meant. */
function choicesOf(fields: Fields): readonly Choice[] {
  const choices = listOf(fields['choices']).map(readChoice);
  if (new Set(choices.map(({ row }) => row)).size < choices.length) throw wrong();
  return choices;
}

function readChoice(body: unknown): Choice {
  const fields = fieldsOf(body);
  const row = numberOf(fields['row']);
  if (fields['is'] === 'write') return { row, is: 'write', update: textOf(fields['update']) };
  if (fields['is'] === 'remove' || fields['is'] === 'keep') return { row, is: fields['is'] };
  throw wrong();
}

export function readQuestion(body: unknown): { readonly row: number; readonly update: string } {
  const fields = fieldsOf(body);
  return { row: numberOf(fields['row']), update: textOf(fields['update']) };
}

export function readBatch(body: unknown): {
  readonly onlySafe: boolean;
  readonly limit: number | undefined;
} {
  const { onlySafe, limit } = fieldsOf(body) as { onlySafe?: unknown; limit?: unknown };
  return { onlySafe: onlySafe === true, limit: limit == null ? undefined : numberOf(limit) };
}

export function readStart(body: unknown): { readonly plan: number; readonly typed: string } {
  const fields = fieldsOf(body);
  return { plan: numberOf(fields['plan']), typed: textOf(fields['typed']) };
}

/** The reading of the file that a request is about; undefined where it is about none. */
export function readReading(body: unknown): number | undefined {
  const { reading } = fieldsOf(body) as { reading?: unknown };
  return reading === undefined ? undefined : numberOf(reading);
}

export function readText(body: unknown, field: string): string {
  return textOf(fieldsOf(body)[field]);
}

function fieldsOf(body: unknown): Fields {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  throw wrong();
}

function rowsOf(fields: Fields): readonly number[] {
  return [...new Set(listOf(fields['rows']).map(numberOf))];
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong();
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw wrong();
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrong();
}

function wrong(): RefusedError {
  return new RefusedError(400, 'not a request of this page');
}
