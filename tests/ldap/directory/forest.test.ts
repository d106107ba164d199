import { expect, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { forestTraits } from '../../../src/ldap/directory/forest.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import type { SearchOptions } from '../../../src/ldap/protocol/connection.js';
import { rootDseOf } from '../../../src/ldap/protocol/root-dse.js';
import { pageOf, stub } from '../opening.js';

const DSE = {
  isActiveDirectory: true,
  configurationNamingContext: 'CN=Configuration,DC=a',
  schemaNamingContext: 'CN=Schema,CN=Configuration,DC=a',
  forestLevel: 7,
  isReadOnly: true,
};

function controller(attributes: readonly string[]) {
  return stub({
    rootDse: DSE,
    async *searchPages({ base }: SearchOptions) {
      const entries = base.startsWith('CN=Partitions')
        ? ['B.OLD', 'A'].map((name) => createEntry(`CN=${name}`, [['nETBIOSName', [name]]]))
        : attributes.map((name) => createEntry(`CN=${name}`, [['lDAPDisplayName', [name]]]));
      yield pageOf(entries);
    },
  });
}

test('names, level and schema of a forest are read, and whether the controller takes changes', async () => {
  expect(await forestTraits(controller(['objectClass']))).toEqual({
    forest: 'cn=configuration,dc=a',
    netbiosNames: ['A', 'B.OLD'],
    level: 7,
    isReadOnly: true,
    hasCloudId: false,
  });
  const modern = controller(['objectClass', 'msDS-ExternalDirectoryObjectId']);
  expect(await forestTraits(modern)).toMatchObject({ hasCloudId: true });
});

test('what cannot be read speaks against nothing, and what is no forest has no traits', async () => {
  const refusing = stub({
    rootDse: DSE,
    // biome-ignore lint/correctness/useYield: it refuses at once.
    async *searchPages() {
      throw new ExpectedError('refused', 'ask');
    },
  });
  expect(await forestTraits(refusing)).toMatchObject({ netbiosNames: [], hasCloudId: true });
  expect(await forestTraits(stub({ rootDse: { ...DSE, isActiveDirectory: false } }))).toBe(
    undefined,
  );
});

test('a root DSE says the level of the forest, and whether its controller is read-only', () => {
  const dse = (level: string, capability: string) =>
    rootDseOf(
      createEntry('', [
        ['forestFunctionality', [level]],
        ['supportedCapabilities', [capability]],
      ]),
    );
  expect(dse('2', '1.2.840.113556.1.4.1920')).toMatchObject({ forestLevel: 2, isReadOnly: true });
  expect(dse('x', '1.2.840.113556.1.4.800')).toMatchObject({ isReadOnly: false });
  expect(dse('x', '1.2.840.113556.1.4.800').forestLevel).toBeUndefined();
});
