import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../src/commands/flags/setting-names.js';
import { ExpectedError, inWords } from '../../src/errors.js';
import { allowedBy, beyondCap, parseCap } from '../../src/jobs/change-cap.js';

describe('maxChanges', () => {
  const never = () => Promise.reject(new Error('must not count'));

  test('a number is one, and the directory is not counted for it', async () => {
    expect(await allowedBy(parseCap('500'), never)).toBe(500);
    expect(await allowedBy(parseCap('0'), never)).toBe(0);
  });

  test('a percentage is one of the directory, rounded down', async () => {
    expect(await allowedBy(parseCap('5%'), async () => 59)).toBe(2);
    expect(await allowedBy(parseCap('0.5%'), async () => 1000)).toBe(5);
    expect(inWords(beyondCap(parseCap('5%'), 2, 3), asFlag)).toBe(
      '3 entries would be changed, --max-changes allows 5% of the directory, 2',
    );
  });

  test.each(['', 'x', '-1', '1.5', '101%', '5 %x', '1e3', '99999999999999999'])(
    '%j is refused',
    (text) => {
      expect(() => parseCap(text)).toThrow(ExpectedError);
    },
  );
});
