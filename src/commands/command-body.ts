import type { ArgumentsCamelCase, Argv } from 'yargs';

/** What a command is besides its name: its options, and what it does. */
export interface CommandBody<Flags> {
  builder(yargs: Argv): unknown;
  handler(flags: ArgumentsCamelCase<Flags>): Promise<void>;
}
