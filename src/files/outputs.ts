import { ExpectedError } from '../errors.js';
import { type Io, STDIO } from './io.js';
import { isOne, type Output, openOutput } from './output.js';

/** Several reports on their way, by name. */
export interface Outputs<Name> {
  readonly opened: ReadonlyMap<Name, Output>;
  readonly usesStdout: boolean;
  commit(): Promise<void>;
  /** Leaves nothing behind; harmless after `commit`. */
  discard(): Promise<void>;
}

/** Opens all reports or none. */
export async function openOutputs<Name>(
  paths: ReadonlyMap<Name, string>,
  io: Pick<Io, 'out'>,
): Promise<Outputs<Name>> {
  refuseTwice([...paths.values()]);
  const opened = new Map<Name, Output>();
  const discard = async () => {
    await Promise.all([...opened.values()].map((output) => output.discard()));
  };
  try {
    for (const [name, path] of paths) opened.set(name, await openOutput(path, io));
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    opened,
    usesStdout: [...paths.values()].includes(STDIO),
    commit: async () => {
      for (const output of opened.values()) await output.commit();
    },
    discard,
  };
}

function refuseTwice(paths: readonly string[]): void {
  const twice = paths.find((path, at) => paths.slice(0, at).some((other) => isOne(path, other)));
  if (twice === undefined) return;
  throw new ExpectedError(
    `Two reports would be written to ${twice === STDIO ? 'standard output' : twice}.`,
    'Give each report a file of its own.',
  );
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
