import { describe, expect, test } from '@jest/globals';
import { junitReport } from '../../../src/export/report/junit.js';
import { finding, scanResult } from '../../scan-result.js';

const RULES = [
  { id: 'one', title: 'The first', lines: 2 },
  { id: 'two', title: 'The second', lines: 1 },
  { id: 'other', title: 'Of another profile', lines: 0 },
];
const context = { rules: RULES, failing: ['error', 'warning'] as const };
const unchecked = (rule: string, attribute: string) => ({
  ...{ rule, attribute },
  reason: 'dc1: not in the schema',
});

/** The test case of a name, as one line of text. */
function testCase(xml: string, name: string): string {
  return (
    new RegExp(`<testcase classname="presync" name="${name}".*?</testcase>`, 's').exec(xml)?.[0] ??
    ''
  );
}

describe('a test case for each rule', () => {
  test('fails with findings that count, naming a few', () => {
    const findings = Array.from({ length: 9 }, (_, n) => finding('one', `CN=${n},DC=c`));
    const one = testCase(junitReport(scanResult(findings), context), 'one');
    expect(one).toContain('<failure message="9 × The first" type="failure">');
    expect(one).toContain('error: CN=4,DC=c: mail: No.');
    expect(one).not.toContain('CN=5,DC=c');
    expect(one).toContain('and 4 more');
  });

  test('passes with findings below what counts, and says so', () => {
    const xml = junitReport(scanResult([finding('one', 'CN=a', { severity: 'info' })]), context);
    expect(testCase(xml, 'one')).toContain(
      '<system-out>1 below the severity that fails</system-out>',
    );
    expect(xml).toContain(
      '<testsuites name="presync" tests="4" failures="0" errors="0" skipped="1"',
    );
  });

  test('is skipped where the profile does not use the rule, or nothing could be judged', () => {
    const notRun = [unchecked('one', 'mail'), unchecked('two', 'co')];
    const xml = junitReport(scanResult([], { notRun }), context);
    expect(testCase(xml, 'other')).toContain(
      '<skipped message="not part of the profile default"/>',
    );
    expect(testCase(xml, 'two')).toContain(
      '<skipped message="not checked: co: dc1: not in the schema"/>',
    );
    expect(testCase(xml, 'one')).toContain('<system-out>not checked: mail: dc1: not in the schema');
    const everywhere = { header: { sources: ['dc1', 'dc2'], profile: 'default' } };
    const two = testCase(junitReport(scanResult([], { notRun }, everywhere), context), 'two');
    expect(two).not.toContain('<skipped');
  });

  test('findings count even where some attribute could not be judged', () => {
    const notRun = [unchecked('two', 'co')];
    const xml = junitReport(scanResult([finding('two', 'CN=a')], { notRun }), context);
    expect(testCase(xml, 'two')).toMatch(/<failure .*not checked: co/s);
  });
});

test('an incomplete scan is an error with its reasons', () => {
  const xml = junitReport(scanResult([], { complete: false, gaps: ['dc1: lost'] }), context);
  expect(xml).toMatch(/tests="4" failures="0" errors="1"/);
  expect(testCase(xml, 'the scan saw everything')).toMatch(/<error message=.*dc1: lost<\/error>/);
});

test('what is not reported is counted beside', () => {
  const comparison = {
    baseline: 'old.jsonl',
    known: [],
    gone: [],
    unseen: [],
    doubts: ['a doubt'],
  };
  const xml = junitReport(scanResult([], {}, { comparison, suppressed: [] }), context);
  expect(testCase(xml, 'the scan saw everything')).toContain(
    '<system-out>0 suppressed\n0 new, 0 gone, 0 as before (baseline old.jsonl)\na doubt</system-out>',
  );
});

test('characters that XML does not know are spelled out', () => {
  const xml = junitReport(
    scanResult([finding('one', 'CN=\u0000\u001B\uFFFE\uD800<&">]]>', {})]),
    context,
  );
  expect(testCase(xml, 'one')).toContain(
    'CN=\\u{0}\\u{1b}\\u{fffe}\\u{d800}&lt;&amp;&quot;&gt;]]&gt;',
  );
});
