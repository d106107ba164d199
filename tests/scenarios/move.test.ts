import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { presync, scratch } from '../presync.js';

const { path, remove } = scratch();
afterAll(remove);

/** Forty people before their move: they sign in under a domain that is not on the internet. */
const TEXT = Array.from({ length: 40 }, (_, at) =>
  [
    `dn: CN=User ${at},DC=contoso,DC=local`,
    'objectClass: user',
    `cn: User ${at}`,
    `displayName: User ${at}`,
    `sAMAccountName: user${at}`,
    `userPrincipalName: user${at}@contoso.local`,
    `mail: user${at}@contoso.com`,
    `mailNickname: user${at}`,
    `proxyAddresses: SMTP:user${at}@contoso.com`,
    `proxyAddresses: smtp:user${at}@contoso.local`,
  ].join('\n'),
).join('\n\n');

/** What the first screen of a report shows. */
function headOf(report: string): string {
  const [, block = ''] =
    /data-block="?head"?[^>]*>([^<]+)/.exec(readFileSync(report, 'utf8')) ?? [];
  return gunzipSync(Buffer.from(block, 'base64')).toString('utf8');
}

test('the summary and the report give the mapping that settles most findings, ready to type', async () => {
  writeFileSync(path('export.ldif'), `${TEXT}\n`);
  const reports = ['--html', path('report.html')];
  const first = await presync(['scan', path('export.ldif'), ...reports]);
  expect(first.out).toContain('80 of 120 findings are about the domain contoso.local.');
  expect(headOf(path('report.html'))).toContain(
    '"suffix":{"from":"contoso.local","to":"contoso.com","faults":80,"all":120}',
  );
  const command = /^ {2}presync (scan .*)$/m.exec(first.out)?.[1]?.split(' ') ?? [];
  expect(command).toEqual([
    ...['scan', path('export.ldif'), '--map-suffix', 'contoso.local=contoso.com'],
    ...['--html', path('report.html')],
  ]);
  const second = await presync(command);
  expect(second.out).toContain('80 proposals: 80 safe, 0 to review');
  expect(second.out).not.toContain('--map-suffix');
});

test('a mapping that was given goes on in the command', async () => {
  writeFileSync(path('two.ldif'), `${TEXT}\n`);
  const { out } = await presync(['scan', path('two.ldif'), '--map-suffix', 'a.local=a.com']);
  expect(out).toContain('--map-suffix a.local=a.com --map-suffix contoso.local=contoso.com\n');
});
