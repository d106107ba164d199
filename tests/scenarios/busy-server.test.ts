import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { presync, scratch, writeCells } from '../presync.js';
import { describeServer } from '../servers/available.js';
import { startBusy } from '../servers/busy-proxy.js';
import { type Stage, type StageName, startStage } from '../servers/stage.js';

describe.each<StageName>(['slapd', 'samba'])('%s', (name) => {
  describeServer(name, 'apply, while it waits for a busy server', () => {
    const { path, remove } = scratch();
    let stage: Stage;
    beforeAll(async () => {
      stage = await startStage(name);
      writeFileSync(path('password'), stage.password);
      await stage.add(`dn: OU=u,${stage.baseDn}\nobjectClass: organizationalUnit\n\n`);
    }, 120_000);
    afterAll(async () => {
      await stage?.stop();
      remove();
    }, 60_000);

    const person = async (cn: string, extra: string) => {
      const dn = `CN=${cn},OU=u,${stage.baseDn}`;
      await stage.add(`dn: ${dn}\nobjectClass: user\nsn: ${cn}\nsAMAccountName: ${cn}\n${extra}\n`);
      return dn;
    };
    const run = (args: readonly string[], url: string) =>
      presync([
        ...args,
        url,
        '--bind-dn',
        stage.bindDn,
        '--password-file',
        path('password'),
        '--allow-plaintext',
        '--insecure',
        '--confirm',
        '--concurrency',
        '1',
      ]);
    const values = async (dn: string, attribute: string) =>
      (await stage.search({ base: dn, scope: 'base' }))[0]?.values(attribute);

    test('leaves a value alone that someone respells meanwhile', async () => {
      const dn = await person('a', 'mail: joe@contoso.local');
      writeCells(path('a.csv'), [
        {
          DISTINGUISHEDNAME: dn,
          ATTRIBUTE: 'mail',
          VALUE: 'joe@contoso.local',
          UPDATE: 'joe@contoso.com',
          ACTION: 'EDIT',
          ID: 'a',
        },
      ]);
      const busy = await startBusy(stage.target, 51, () =>
        stage.add(`dn: ${dn}\nchangetype: modify\nreplace: mail\nmail: Joe@Contoso.local\n`),
      );
      await run(['apply', path('a.csv'), '--journal', path('a.jsonl')], busy.url);
      await busy.stop();
      expect(await values(dn, 'mail')).toEqual(['Joe@Contoso.local']);
    }, 60_000);

    test('adds nothing to an attribute that someone fills meanwhile', async () => {
      const dn = await person('b', '');
      writeCells(path('b.csv'), [
        {
          DISTINGUISHEDNAME: dn,
          ATTRIBUTE: 'proxyAddresses',
          VALUE: '',
          UPDATE: 'SMTP:b@contoso.com',
          ACTION: 'EDIT',
          ID: 'b',
        },
      ]);
      const busy = await startBusy(stage.target, 51, () =>
        stage.add(
          `dn: ${dn}\nchangetype: modify\nadd: proxyAddresses\nproxyAddresses: SMTP:theirs@contoso.com\n`,
        ),
      );
      await run(['apply', path('b.csv'), '--journal', path('b.jsonl')], busy.url);
      await busy.stop();
      expect(await values(dn, 'proxyAddresses')).toEqual(['SMTP:theirs@contoso.com']);
    }, 60_000);

    test('finds what was carried out all the same, so that undo puts it back', async () => {
      const dn = await person('c', 'mail: c@contoso.local');
      writeCells(path('c.csv'), [
        {
          DISTINGUISHEDNAME: dn,
          ATTRIBUTE: 'mail',
          VALUE: 'c@contoso.local',
          UPDATE: 'c@contoso.com',
          ACTION: 'EDIT',
          ID: 'c',
        },
      ]);
      const busy = await startBusy(stage.target, 52, async () => {}, true);
      await run(['apply', path('c.csv'), '--journal', path('c.jsonl')], busy.url);
      await busy.stop();
      await run(['undo', path('c.jsonl'), '--journal', path('c-undo.jsonl')], stage.url);
      expect(await values(dn, 'mail')).toEqual(['c@contoso.local']);
    }, 60_000);
  });
});
