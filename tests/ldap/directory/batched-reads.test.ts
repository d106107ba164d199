import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { batchedReads } from '../../../src/ldap/directory/batched-reads.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { normaliseDn } from '../../../src/ldap/format/dn.js';
import type { Connection } from '../../../src/ldap/protocol/connection.js';
import type { Entry, EntryRef } from '../../../src/model/entry.js';
import { describeServer } from '../../servers/available.js';
import { type SambaServer, startSamba } from '../../servers/samba.js';
import { type SlapdServer, startSlapd } from '../../servers/slapd.js';
import { open, stub } from '../opening.js';

/** Names with all that could end a filter or a DN early; RFC 4514 escapes, as an LDIF file has them. */
const NAMES = [
  'plain',
  'Sm\\, J',
  'a\\+b',
  'star*(x)',
  'back\\\\slash',
  'Zoë 山田',
  '\\#hash',
  'q\\"t',
];
const ODD = NAMES.map((name) => `cn=${name}`);
const EVEN = Array.from({ length: 150 }, (_, n) => `cn=u${n}`);

/** A connection that counts how it is asked, once it has answered for the first time. */
async function counted(connection: Connection) {
  const asked = { searches: 0, alone: 0 };
  const counting: Connection = {
    ...connection,
    find: (...search) => {
      asked.searches += 1;
      return connection.find(...search);
    },
    read: (...address) => {
      asked.alone += 1;
      return connection.read(...address);
    },
  };
  const read = batchedReads(counting);
  await read(refOf('cn=nobody'), []);
  asked.alone = 0;
  return { asked, read };
}

const shown = (entry: Entry | undefined) =>
  entry && { dn: normaliseDn(entry.dn), guid: entry.guid, mail: entry.values('mail') };

const refOf = (dn: string, guid?: string): EntryRef => ({ dn, guid, kind: 'user' });

function ldifOf(rdn: string, at: number, parent: string, objectClass: string): string {
  const name = Buffer.from(`${rdn},${parent}`).toString('base64');
  return `dn:: ${name}\nobjectClass: ${objectClass}\nmail: m${at}@contoso.com\n`;
}

/** Each is given what it would be given by itself, in few searches. */
async function expectSame(connection: Connection, refs: readonly EntryRef[], missing: number) {
  const alone = await Promise.all(
    refs.map(async (ref) => {
      const isKnown = connection.rootDse.isActiveDirectory && ref.guid !== undefined;
      return shown(await connection.read(isKnown ? `<GUID=${ref.guid}>` : ref.dn, ATTRIBUTES));
    }),
  );
  const { asked, read } = await counted(connection);
  const together = await Promise.all(refs.map((ref) => read(ref, ATTRIBUTES)));
  expect(together.map(shown)).toEqual(alone);
  expect(alone.filter((entry) => !entry)).toHaveLength(missing);
  expect(asked).toEqual({ searches: Math.ceil(refs.length / 64), alone: missing });
}

const ATTRIBUTES = ['mail', 'objectClass', 'objectGUID'];

await describeServer('slapd', 'on OpenLDAP', () => {
  let slapd: SlapdServer;
  const entries = () =>
    [...ODD, ...EVEN].map((rdn, at) => `${ldifOf(rdn, at, slapdSuffix, 'user')}sn: x\n`).join('\n');
  const slapdSuffix = 'dc=contoso,dc=local';
  beforeAll(async () => {
    slapd = await startSlapd({ entries: entries(), sizeLimit: 5 });
  }, 60_000);
  afterAll(() => slapd?.stop());
  const admin = () =>
    open({ url: slapd.url, bindDn: slapd.bindDn, password: slapd.password, allowPlaintext: true });

  test('all are found by their names, however these are spelled; who is missing is asked for alone', async () => {
    const names = [...ODD, ...EVEN].map((rdn) => `${rdn},${slapdSuffix}`);
    const spelled = [`CN=U1 , DC=Contoso,dc=LOCAL`, 'cn=\\50lain,dc=contoso,dc=local'];
    const gone = [`cn=nobody,${slapdSuffix}`, 'cn=u1,dc=elsewhere'];
    await expectSame(
      await admin(),
      [...names, ...spelled, ...gone].map((dn) => refOf(dn)),
      2,
    );
  });

  test('a server that gives no more than a few at once is asked for each alone from then on', async () => {
    const reader = { bindDn: slapd.readerDn, password: slapd.password, allowPlaintext: true };
    const { asked, read } = await counted(await open({ url: slapd.url, ...reader }));
    const refs = EVEN.slice(0, 20).map((rdn) => refOf(`${rdn},${slapdSuffix}`));
    for (const turn of [1, 2]) {
      const found = await Promise.all(refs.map((ref) => read(ref, ATTRIBUTES)));
      expect(found.every((entry) => entry?.values('mail').length === 1)).toBe(true);
      expect(asked).toEqual({ searches: 1, alone: 20 * turn });
    }
  });
});

await describeServer('samba', 'on Samba', () => {
  let samba: SambaServer;
  beforeAll(async () => {
    samba = await startSamba();
    const parent = `CN=Users,${samba.baseDn}`;
    await samba.add(
      [...ODD, ...EVEN].map((rdn, at) => ldifOf(rdn, at, parent, 'contact')).join('\n'),
    );
  }, 180_000);
  afterAll(() => samba?.stop());
  const admin = () =>
    open({ url: samba.ldaps, bindDn: samba.admin, password: samba.password, insecure: true });

  test('all are found by objectGUID, and those without one by their names', async () => {
    const connection = await admin();
    const names = [...ODD, ...EVEN].map((rdn) => `${rdn},CN=Users,${samba.baseDn}`);
    const refs: EntryRef[] = [];
    for (const dn of names) {
      const entry = await connection.read(dn, ATTRIBUTES);
      refs.push(refOf(`cn=of old,${samba.baseDn}`, entry?.guid));
    }
    expect(new Set(refs.map(({ guid }) => guid)).size).toBe(names.length);
    const gone = [
      refOf(`cn=nobody,${samba.baseDn}`),
      refOf(names[0] ?? '', '00000000-0000-0000-0000-000000000001'),
    ];
    await expectSame(connection, [...refs, ...names.map((dn) => refOf(dn)), ...gone], 2);
  }, 60_000);
});

describe('reads at the same moment', () => {
  const rootDse = { isOpenLdap: true, namingContexts: ['dc=a'] };

  test('one alone is not searched for, nor any on a server that is not known to find them by name', async () => {
    const one = await counted(stub({ rootDse }));
    await one.read(refOf('cn=a,dc=a'), []);
    expect(one.asked).toEqual({ searches: 0, alone: 1 });
    const other = await counted(stub());
    await Promise.all(['cn=a', 'cn=b'].map((dn) => other.read(refOf(dn), [])));
    expect(other.asked).toEqual({ searches: 0, alone: 2 });
  });

  test('each is asked for with all attributes that any of them wants', async () => {
    const wanted: (readonly string[])[] = [];
    const find = async (_base: string, _filter: unknown, attributes: readonly string[]) => {
      wanted.push(attributes);
      return ['a', 'b'].map((name) => createEntry(`CN=${name},DC=a`, [['cn', [name]]]));
    };
    const { asked, read } = await counted(stub({ rootDse, find }));
    const found = await Promise.all([
      read(refOf('cn=b,dc=a'), ['mail', 'cn']),
      read(refOf('cn=a,dc=a'), ['cn', 'sn']),
    ]);
    expect(found.map((entry) => entry?.values('cn'))).toEqual([['b'], ['a']]);
    expect([wanted, asked.alone]).toEqual([[['mail', 'cn', 'sn']], 0]);
  });

  test('a connection that has not answered yet is asked for each alone', async () => {
    const searches: string[] = [];
    const find = async (base: string) => {
      searches.push(base);
      return [];
    };
    const read = batchedReads(stub({ rootDse, find }));
    for (const expected of [0, 1]) {
      await Promise.all(['cn=a,dc=a', 'cn=b,dc=a'].map((dn) => read(refOf(dn), [])));
      expect(searches).toHaveLength(expected);
    }
  });

  test('what fails for all fails for each with its own words', async () => {
    const lost = () => Promise.reject(new Error('lost'));
    const read = async (dn: string): Promise<Entry | undefined> => {
      if (dn === 'cn=nobody') return undefined;
      if (dn === 'cn=a,dc=a') return createEntry(dn, []);
      return Promise.reject(new Error(`no ${dn}`));
    };
    const { read: reads } = await counted(stub({ rootDse, find: lost, read }));
    const [first, second] = [reads(refOf('cn=a,dc=a'), []), reads(refOf('cn=b,dc=a'), [])];
    await expect(second).rejects.toThrow('no cn=b,dc=a');
    expect((await first)?.dn).toBe('cn=a,dc=a');
  });
});
