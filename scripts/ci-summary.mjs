// Prints the closing line of .ci/run from jest's JSON results; fails when one is missing, empty, or has a failed test.
import { existsSync, readFileSync } from 'node:fs';

const results = process.argv.slice(2).map((file) => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text === '') {
    console.error('jest ended without a result');
    process.exit(1);
  }
  return JSON.parse(text);
});
const sum = (count) => results.reduce((total, result) => total + count(result), 0);
const passed = sum((result) => result.numPassedTests);
// A test file that cannot be loaded has no failed test, but it has failed.
const failed = sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites);
const pending = sum((result) => result.numPendingTests);
console.log(`${passed} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
const isEmpty = results.length === 0 || results.some(({ numPassedTests }) => numPassedTests === 0);
process.exitCode = failed > 0 || isEmpty ? 1 : 0;
