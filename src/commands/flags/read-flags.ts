import type { ConnectionFlags } from './connection.js';

export interface ReadFlags extends ConnectionFlags {
  readonly base?: readonly string[] | undefined;
  readonly filter?: string | undefined;
  readonly pageSize: number;
  readonly photos?: boolean | undefined;
}
