import { expect } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { type LdifRecord, readLdif } from '../../../src/ldap/format/ldif.js';

/** What readLdif made of a file, and what it told to be missing. */
export interface LdifReading {
  readonly records: readonly LdifRecord[];
  readonly gaps: readonly string[];
}

/** Reads a file in chunks of a size. */
export async function read(file: string | Uint8Array, size = 4096): Promise<LdifReading> {
  const bytes = typeof file === 'string' ? Buffer.from(file, 'utf8') : file;
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const records: LdifRecord[] = [];
  const gaps: string[] = [];
  for await (const some of readLdif(chunks(), (gap) => gaps.push(gap))) records.push(...some);
  return { records, gaps };
}

/** How a file is refused. */
export async function refusal(file: string | Uint8Array, size?: number): Promise<ExpectedError> {
  const failure = await read(file, size).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ExpectedError);
  return failure as ExpectedError;
}

export const dnsOf = ({ records }: LdifReading) => records.map(({ dn }) => dn);
