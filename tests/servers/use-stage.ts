import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll } from '@jest/globals';
import { scratch } from '../presync.js';
import { type Stage, type StageName, startStage } from './stage.js';

/** A server for the tests of a block, and a folder for what they write. */
export interface InUse {
  /** In the folder, which has the password of the server in the file `password`. */
  readonly path: (name: string) => string;
  /** The server, once the tests run. */
  readonly stage: () => Stage;
}

/** Starts a server before the tests of a block, and takes it and the folder away at their end. */
export function useStage(name: StageName): InUse {
  const { path, remove } = scratch();
  let started: Stage | undefined;
  beforeAll(async () => {
    started = await startStage(name);
    writeFileSync(path('password'), started.password);
  }, 120_000);
  afterAll(async () => {
    await started?.stop();
    remove();
  }, 60_000);
  return { path, stage: () => started as Stage };
}
