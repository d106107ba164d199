import { writeFileSync } from 'node:fs';
import { beforeAll } from '@jest/globals';
import { BY_HAND, type Cells, presync, type Run } from '../presync.js';
import type { Stage, StageName } from '../servers/stage.js';
import { useStage } from '../servers/use-stage.js';

/** Where an administrator sits: a directory with one unit, and a folder for sheets and journals. */
export interface Desk {
  readonly path: (name: string) => string;
  stage(): Stage;
  dnOf(cn: string): string;
  /** Adds a user of the unit; `more` are lines of LDIF. */
  person(cn: string, more: string): Promise<void>;
  /** Changes a user behind presync's back; `more` are lines of an LDIF change. */
  change(cn: string, more: string): Promise<void>;
  /** The values of an attribute, in order: a directory gives them in any. */
  values(cn: string, attribute: string): Promise<readonly unknown[]>;
  /** A decided row of a sheet: EDIT, or REMOVE where nothing is to be left. */
  row(cn: string, attribute: string, value: string, update: string): Cells;
  /** The words with which a command logs on and writes, one entry at a time. */
  logon(): readonly string[];
  /** Runs a command that writes. */
  run(args: readonly string[], url?: string): Promise<Run>;
  /** A journal as a run leaves it that was killed: on record, without outcome; one request, `edits` of one user. */
  killed(name: string, cn: string, edits: readonly KilledEdit[]): void;
}

export interface KilledEdit {
  readonly id: string;
  readonly row: number;
  readonly attribute: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly empties?: boolean;
}

/** Sets a desk up for the tests of a file, and clears it at the end. */
export function desk(name: StageName): Desk {
  const { path, stage } = useStage(name);
  beforeAll(async () => {
    await stage().add(`dn: OU=u,${stage().baseDn}\nobjectClass: organizationalUnit\n\n`);
  }, 120_000);
  const dnOf = (cn: string) => `CN=${cn},OU=u,${stage().baseDn}`;
  const logon = () => [
    ...['--bind-dn', stage().bindDn, '--password-file', path('password')],
    ...['--allow-plaintext', '--insecure', '--confirm', '--concurrency', '1'],
  ];
  return {
    path,
    stage,
    dnOf,
    person: (cn, more) =>
      stage().add(
        `dn: ${dnOf(cn)}\nobjectClass: user\nsn: ${cn}\nsAMAccountName: ${cn}\n${more}\n`,
      ),
    change: (cn, more) => stage().add(`dn: ${dnOf(cn)}\nchangetype: modify\n${more}\n`),
    values: async (cn, attribute) => {
      const [entry] = await stage().search({ base: dnOf(cn), scope: 'base' });
      return [...(entry?.values(attribute) ?? [])].sort();
    },
    row: (cn, attribute, value, update) => ({
      ...{ DISTINGUISHEDNAME: dnOf(cn), ATTRIBUTE: attribute, VALUE: value, UPDATE: update },
      ...{ ACTION: update === '' ? 'REMOVE' : 'EDIT', ID: cn },
    }),
    logon,
    run: ([command = '', ...args], url = stage().url) => {
      const byHand = command === 'apply' ? BY_HAND : [];
      return presync([command, ...byHand, ...args, url, ...logon()]);
    },
    killed: (name, cn, edits) => {
      const header = { type: 'journal', version: 1, command: 'apply', target: 'x', started: 'x' };
      const entry = { dn: dnOf(cn), guid: null, kind: 'user' };
      const lines = edits.map((edit, at) => ({
        ...{ type: 'edit', sequence: at + 1, request: 1, of: edits.length, time: 'x' },
        ...{ ...entry, ...edit, state: 'intended' },
      }));
      const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`);
      writeFileSync(path(name), text.join(''));
    },
  };
}
