import { ExpectedError } from '../errors.js';
import { type Io, STDIO } from '../files/io.js';
import { isOne, type Output, openOutput } from '../files/output.js';

/** The reports of one scan, by format; a format that nobody asked for is undefined. */
export interface Outputs {
  readonly csv: Output | undefined;
  readonly jsonl: Output | undefined;
  readonly ldif: Output | undefined;
  readonly html: Output | undefined;
  readonly junit: Output | undefined;
  readonly usesStdout: boolean;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** Opens all reports of a scan or none. */
export async function openOutputs(
  paths: Readonly<Record<'csv' | 'jsonl' | 'ldif' | 'html' | 'junit', string | undefined>>,
  io: Io,
): Promise<Outputs> {
  const named = Object.values(paths).filter((path) => path !== undefined);
  const twice = named.find((path, at) => named.slice(0, at).some((other) => isOne(path, other)));
  if (twice !== undefined)
    throw new ExpectedError(
      `Two reports would be written to ${twice === STDIO ? 'standard output' : twice}.`,
      'Give each report a file of its own.',
    );
  const opened: Output[] = [];
  const discard = async () => {
    await Promise.all(opened.map((output) => output.discard()));
  };
  const open = async (path: string | undefined): Promise<Output | undefined> => {
    if (path === undefined) return undefined;
    const output = await openOutput(path, io);
    opened.push(output);
    return output;
  };
  try {
    return {
      csv: await open(paths.csv),
      jsonl: await open(paths.jsonl),
      ldif: await open(paths.ldif),
      html: await open(paths.html),
      junit: await open(paths.junit),
      usesStdout: named.includes(STDIO),
      commit: async () => {
        for (const output of opened) await output.commit();
      },
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Refuses to replace a file that is read. */
export function keepInputs(path: string, inputs: readonly string[]): void {
  if (path === STDIO) return;
  const replaced = inputs.find((input) => isOne(path, input));
  if (replaced === undefined) return;
  throw new ExpectedError(
    `${replaced} is read here, and would be written over.`,
    'Name another file for what is written.',
  );
}
