import type { Value } from '../model/entry.js';

/** A value in JSON: text as a string, bytes as `{"base64": …}`, no value as null. */
export type JsonValue = string | { readonly base64: string } | null;

/** One line of a report or a journal before its fields are checked. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function jsonValue(value: Value | undefined): JsonValue {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : { base64: Buffer.from(value).toString('base64') };
}

/** The value that jsonValue wrote; undefined for anything else, null among it. */
export function readJsonValue(json: unknown): Value | undefined {
  if (typeof json === 'string') return json;
  const base64 = isRecord(json) ? json['base64'] : undefined;
  if (typeof base64 !== 'string') return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? new Uint8Array(bytes) : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads one line; undefined where it is no JSON object, or no valid UTF-8. */
export function readRecord(line: string | Uint8Array): JsonRecord | undefined {
  try {
    const record: unknown = JSON.parse(typeof line === 'string' ? line : utf8.decode(line));
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
