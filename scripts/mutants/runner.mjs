/** Runs one test file after another in one process, which has everything loaded already; its parent ends it when a test hangs. */
import { join, resolve } from 'node:path';
import { runCLI } from 'jest';

const folder = process.cwd();

process.on('message', async (test) => {
  const began = performance.now();
  const { results } = await runCLI(
    {
      $0: '',
      _: [test],
      runTestsByPath: true,
      runInBand: true,
      silent: true,
      reporters: [],
      watchman: false,
      // What is to be built of a mutant is built where it is put in.
      globalSetup: null,
      // A busy machine is no fault; what hangs, the parent ends.
      testTimeout: 120_000,
      cacheDirectory: join(folder, 'jest-cache'),
      testEnvironment: resolve(folder, 'scripts/mutants/stop-early.mjs'),
    },
    [folder],
  );
  process.send({
    passed: results.success && results.numPassedTests > 0,
    failed: results.testResults.flatMap(({ testResults }) =>
      testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    )[0],
    milliseconds: performance.now() - began,
    memory: process.memoryUsage().rss,
  });
});
process.on('disconnect', () => process.exit());
