import { beforeEach, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { UnavailableError } from '../../../src/ldap/protocol/result-codes.js';
import { presync, readRecords } from '../../presync.js';
import { describeServer } from '../../servers/available.js';
import { type SlapdServer, startSlapd } from '../../servers/slapd.js';
import { brokenSearch, closing, edit, entriesOf, open, pagesOf } from '../opening.js';

const COUNT = 30;
const ENTRIES = Array.from(
  { length: COUNT },
  (_, n) =>
    `dn: cn=user${n},dc=contoso,dc=local\nobjectClass: user\ncn: user${n}\nsn: x\nsAMAccountName: user${n}\n`,
).join('\n');

await describeServer('slapd', 'T19 a slapd with limits of its own', () => {
  async function limited(...limits: readonly string[]): Promise<SlapdServer> {
    const databaseLines = limits.map((limit) => `limits * ${limit}`);
    const slapd = await startSlapd({ entries: ENTRIES, databaseLines });
    closing.push(() => slapd.stop());
    return slapd;
  }

  test('paging forbidden: it is read without, at once', async () => {
    const slapd = await limited('size.prtotal=disabled');
    const connection = await open({ url: slapd.url });
    const pages = await pagesOf(connection, { base: slapd.suffix });
    expect(pages.map(({ entries }) => entries.length)).toEqual([COUNT]);
    const { code, out, err } = await presync([
      'scan',
      slapd.url,
      '--jsonl',
      '-',
      '--fail-on=never',
    ]);
    expect(readRecords(out).at(-1)).toMatchObject({ complete: true, entries: COUNT });
    expect([code, err]).toEqual([0, expect.not.stringContaining('going on in')]);
  }, 60_000);

  test('paging forbidden and a size limit: the limit is told', async () => {
    const slapd = await limited('size.prtotal=disabled size.soft=7 size.hard=7');
    const connection = await open({ url: slapd.url });
    const { pages, failure } = await brokenSearch(connection, { base: slapd.suffix });
    expect(pages.map(({ entries }) => entries.length)).toEqual([7]);
    expect(failure.message).toContain('sizeLimitExceeded (4)');
  }, 60_000);

  test('a page that is too large: it is told at once, with the setting', async () => {
    const slapd = await limited('size.pr=10');
    const connection = await open({ url: slapd.url });
    const { pages, failure } = await brokenSearch(connection, {
      base: slapd.suffix,
      pageSize: 500,
    });
    expect(pages).toEqual([]);
    expect(failure).not.toBeInstanceOf(UnavailableError);
    expect(failure.message).toContain('adminLimitExceeded (11): illegal pagedResults page size');
    expect(failure.worded(asFlag).hint).toContain('--page-size');
    expect(await entriesOf(connection, { base: slapd.suffix, pageSize: 10 })).toHaveLength(COUNT);
    const { code, err } = await presync(['scan', slapd.url]);
    expect([code, err]).toEqual([2, expect.stringContaining('--page-size')]);
    expect(err).not.toContain('going on in');
  }, 60_000);

  test('a search that may not look at so many is told at once', async () => {
    const slapd = await limited('size.unchecked=1');
    const { code, err } = await presync(['scan', slapd.url]);
    expect([code, err]).toEqual([2, expect.stringContaining('adminLimitExceeded (11)')]);
    expect(err).not.toContain('going on in');
  }, 60_000);
});

await describeServer('slapd', 'T20 a replica', () => {
  let replica: SlapdServer;
  beforeEach(async () => {
    replica = await startSlapd({
      entries: ENTRIES,
      databaseLines: [
        'syncrepl rid=001 provider=ldap://127.0.0.1:9 type=refreshOnly interval=01:00:00:00 ' +
          'searchbase="dc=contoso,dc=local" bindmethod=simple',
        'updateref ldap://provider.contoso.local',
      ],
    });
    closing.push(() => replica.stop());
  }, 60_000);

  test('says through which server to apply', async () => {
    const { bindDn, password } = replica;
    const connection = await open({ url: replica.url, bindDn, password, allowPlaintext: true });
    const outcome = await connection.modify(`cn=user1,${replica.suffix}`, [
      edit('sn', ['x'], ['y']),
    ]);
    expect(outcome).toEqual({
      state: 'failed',
      code: 10,
      reason:
        'referral (10); this server does not write there: apply through ldap://provider.contoso.local',
    });
  }, 60_000);
});
