import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { presync, scratch } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type SlapdServer, startSlapd } from '../servers/slapd.js';

/** What was not seen is never called clean: how a run ends, and what it says. */

const { path, remove } = scratch();
afterAll(remove);

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(path(name), content);
  return path(name);
}

const HEADER = '# extended LDIF\n#\n# LDAPv3\n# base <dc=x> with scope subtree\n#\n\n';
const ANN =
  'dn: CN=Ann,DC=contoso,DC=com\nobjectClass: user\nsAMAccountName: ann\ndisplayName: Ann\nuserPrincipalName: ann@contoso.com\n\n';

describe('a scan of a file', () => {
  test.each([
    ['T9 that ldapsearch could not finish', `${HEADER}${ANN}`, 3, 'has no end'],
    ['T9 cut in a line', ANN.slice(0, -5), 3, 'line 5: the file ends in the middle of a line'],
    [
      'T10 with names only',
      ANN.replace(/: .*/g, (value, at) => (at < 3 ? value : ':')),
      3,
      'ldapsearch without -A',
    ],
    ['T13 with a name that is none', `${ANN}dn: CN=b\ne mail: x\n`, 2, 'line 8: '],
    [
      'T16 that begins with an invisible character in a name',
      `dn: CN=b\nma\u200bil: x\n`,
      2,
      'a zero width space',
    ],
    [
      'T25 with a limit told among its entries',
      `${ANN}Size limit exceeded (4)\n`,
      3,
      'Size limit exceeded (4)',
    ],
    ['T25 that is packed and cut', gzipSync(ANN).subarray(0, -4), 2, 'damaged or was cut'],
    ['that is whole', `${HEADER}${ANN}result: 0 Success\n`, 0, 'No findings'],
    ['T25 that is packed', gzipSync(ANN), 0, '1 entry read, 1 judged'],
  ])('%s', async (what, content, expected, words) => {
    const name = /packed/.test(what) ? 'x.ldif.gz' : 'x.ldif';
    const { code, out, err } = await presync(['scan', file(name, content)]);
    expect([code, out + err]).toEqual([expected, expect.stringContaining(words)]);
    if (expected === 3) expect(out).toContain('INCOMPLETE');
    expect(err).not.toContain('    at ');
  });
});

describeServer('slapd', 'a scan of a directory, and of exports of it', () => {
  const suffix = 'dc=contoso,dc=com';
  let server: SlapdServer;
  let bind: readonly string[];

  beforeAll(async () => {
    const entries = Array.from(
      { length: 40 },
      (_, n) =>
        `dn: cn=user${n},${suffix}\nobjectClass: user\ncn: user${n}\nsn: user${n}\ndisplayName: user${n}\nsAMAccountName: user${n}\nuserPrincipalName: user${n}@contoso.com\n\n`,
    ).join('');
    server = await startSlapd({ suffix, entries, tls: false });
    bind = [
      '--bind-dn',
      server.bindDn,
      '--password-file',
      file('password', server.password),
      '--allow-plaintext',
    ];
  }, 60_000);
  afterAll(() => server?.stop());

  const scan = (...more: readonly string[]) => presync(['scan', server.url, ...bind, ...more]);

  test('T10 a filter that fits nobody: incomplete, and the filter is named', async () => {
    const { code, out } = await scan('--filter', '(cn=nobody)');
    expect([code, out]).toEqual([
      3,
      expect.stringMatching(
        /it shows no entry\. Check that --filter \(cn=nobody\) fits somebody, .*rights?|may list and read/,
      ),
    ]);
    expect((await scan('--filter', '(cn=user1)')).code).toBe(0);
  });

  test('T9 what ldapsearch writes of it is whole, and cut anywhere between entries it is not', async () => {
    const tool = ['-x', '-H', server.url, '-D', server.bindDn, '-w', server.password, '-b', suffix];
    const ways = [
      [],
      ['-L'],
      ['-LLL'],
      ['-E', 'pr=7/noprompt'],
      ['-L', '-E', 'pr=7/noprompt'],
      ['-LLL', '-E', 'pr=7/noprompt'],
    ];
    for (const way of ways) {
      const { stdout } = await promisify(execFile)('ldapsearch', [...tool, ...way]);
      expect([way, (await presync(['scan', file('all.ldif', stdout)])).code]).toEqual([way, 0]);
      if (way[0] === '-LLL') continue;
      const half = stdout.slice(0, stdout.indexOf('\n\n', stdout.length / 2) + 2);
      expect([way, (await presync(['scan', file('half.ldif', half)])).code]).toEqual([way, 3]);
    }
  });
});
