import { describe, expect, test } from '@jest/globals';
import { writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { type BusyOptions, startBusy } from '../servers/busy-proxy.js';
import type { StageName } from '../servers/stage.js';
import { desk } from './desk.js';

describe.each<StageName>(['slapd', 'samba'])('%s', (name) => {
  describeServer(name, 'apply, while it waits for a busy server', () => {
    const { path, stage, person, change, values, row, run } = desk(name);

    /** Applies one row through a server that is busy at first. */
    const applyBusy = async (cn: string, cells: ReturnType<typeof row>, options: BusyOptions) => {
      writeCells(path(`${cn}.csv`), [cells]);
      const busy = await startBusy(stage().target, options);
      await run(['apply', path(`${cn}.csv`), '--journal', path(`${cn}.jsonl`)], busy.url);
      await busy.stop();
    };

    test('leaves a value alone that someone respells meanwhile', async () => {
      await person('a', 'mail: joe@contoso.local');
      await applyBusy('a', row('a', 'mail', 'joe@contoso.local', 'joe@contoso.com'), {
        code: 51,
        meddle: () => change('a', 'replace: mail\nmail: Joe@Contoso.local'),
      });
      expect(await values('a', 'mail')).toEqual(['Joe@Contoso.local']);
    }, 60_000);

    test('adds nothing to an attribute that someone fills meanwhile', async () => {
      await person('b', '');
      await applyBusy('b', row('b', 'proxyAddresses', '', 'SMTP:b@contoso.com'), {
        code: 51,
        meddle: () => change('b', 'add: proxyAddresses\nproxyAddresses: SMTP:theirs@contoso.com'),
      });
      expect(await values('b', 'proxyAddresses')).toEqual(['SMTP:theirs@contoso.com']);
    }, 60_000);

    test('finds what was carried out all the same, so that undo puts it back', async () => {
      await person('c', 'mail: c@contoso.local');
      const cells = row('c', 'mail', 'c@contoso.local', 'c@contoso.com');
      await applyBusy('c', cells, { code: 52, effect: true });
      await run(['undo', path('c.jsonl'), '--journal', path('c-undo.jsonl')]);
      expect(await values('c', 'mail')).toEqual(['c@contoso.local']);
    }, 60_000);
  });
});
