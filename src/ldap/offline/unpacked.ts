import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ExpectedError } from '../../errors.js';

/** How a file that gzip packed begins (RFC 1952 2.3.1). */
const MAGIC = [0x1f, 0x8b];

/** The bytes of a file, unpacked where gzip packed them. Throws an ExpectedError where they are damaged or cut. */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  try {
    for (let length = 0; length < MAGIC.length; ) {
      const { value, done } = await source.next();
      if (done) break;
      // A copy, because whoever reads a file may fill the same buffer again.
      head.push(Buffer.from(value));
      length += value.length;
    }
    const isPacked = Buffer.concat(head).subarray(0, 2).equals(Buffer.from(MAGIC));
    const all = withHead(head, source);
    yield* isPacked ? gunzip(all) : all;
  } finally {
    await source.return?.();
  }
}

async function* withHead(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip();
  const done = pipeline(Readable.from(chunks), unpacking).catch(() => {});
  try {
    yield* unpacking;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new ExpectedError(
      `the packed file is damaged or was cut (${words})`,
      'Pack or copy the file again.',
    );
  } finally {
    unpacking.destroy();
    await done;
  }
}
