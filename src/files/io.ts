import type { NameOf } from '../errors.js';

/**
 * How commands are told of standard input or output. People write `-`; yargs drops a lone one among the sources, so
 * cli.ts puts this word in its place.
 */
export const STDIO = 'stdio:';

/** All that a command may touch of the outside world; cli.ts gives the real one. */
export interface Io {
  /** Report output; resolves once the text is handed on, so that a slow reader slows the writer. */
  out(text: string): Promise<void>;
  /** Everything that is no report. */
  err(text: string): void;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person sees the report, and whether a person can be asked. */
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly canAsk: boolean;
  /** Asks a person; the answer to a secret is not echoed. */
  ask(question: string, options: { readonly secret: boolean }): Promise<string>;
  /** Aborted by Ctrl-C and by a request to end. */
  readonly signal: AbortSignal;
  now(): Date;
  /** What the person calls a setting that a failure speaks of. */
  readonly nameOf: NameOf;
}
