// Prints the closing line of .ci/run from jest's JSON result; fails when there is none or a test failed.
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2] ?? '', 'utf8');
if (text === '') {
  console.error('jest ended without a result');
  process.exit(1);
}
const result = JSON.parse(text);
// A test file that cannot be loaded has no failed test, but it has failed.
const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
const skipped = result.numPendingTests > 0 ? `, ${result.numPendingTests} skipped` : '';
console.log(`${result.numPassedTests} passed, ${failed} failed${skipped}`);
process.exitCode = failed > 0 || result.numPassedTests === 0 ? 1 : 0;
