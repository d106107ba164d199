import type { InferredOptionType, Options, PositionalOptions } from 'yargs';
import type { ExitCode } from '../errors.js';
import type { Io } from '../files/io.js';

/** Arguments by the names that they have in the usage of a command. */
export type ArgumentTable = Readonly<
  Record<string, PositionalOptions & Pick<Options, 'defaultDescription'>>
>;

/** Options by their flags, without the two hyphens. */
export type OptionTable = Readonly<Record<string, Options>>;

type CamelCase<Name> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** What is made of a command line that was given with these arguments and options. */
export type FlagsOf<Table extends ArgumentTable> = {
  readonly [Name in keyof Table as CamelCase<Name>]: InferredOptionType<Table[Name]>;
};

/** What a command is besides its name: what it takes, and what it does. cli.ts makes a command of yargs of it. */
export interface CommandBody<Arguments extends ArgumentTable, Flags extends OptionTable> {
  readonly positionals: Arguments;
  readonly options: Flags;
  /** Command lines, each with what it is an example of. */
  readonly examples: readonly [command: string, what: string][];
  /** Stands at the end of the help. */
  readonly epilogue: string;
  // As a property, so that the compiler holds what it takes to what is declared above.
  readonly run: (flags: FlagsOf<Arguments & Flags>, io: Io) => Promise<ExitCode>;
}
