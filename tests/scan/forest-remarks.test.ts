import { expect, test } from '@jest/globals';
import type { EntrySource, ForestTraits } from '../../src/model/entry.js';
import { forestRemarks } from '../../src/scan/forest-remarks.js';

const GOOD: ForestTraits = {
  forest: 'cn=configuration,dc=a',
  netbiosNames: ['A', 'B'],
  level: 7,
  isReadOnly: false,
  hasCloudId: true,
};

const source = (name: string, traits: Partial<ForestTraits> = {}): EntrySource => ({
  name,
  undelivered: () => undefined,
  async *pages() {},
  forest: async () => ({ ...GOOD, ...traits }),
});

const remarks = (...sources: readonly EntrySource[]) => forestRemarks(sources, undefined);

test('a forest in order, and a source without one, give no remark', async () => {
  const { forest: _, ...file } = source('a.ldif');
  expect(await remarks(source('dc1'), source('dc2', { level: undefined }), file)).toEqual([]);
});

test('each forest is told of once, whichever of its controllers are sources (F21)', async () => {
  const bad = { netbiosNames: ['A', 'B.OLD'], level: 1, hasCloudId: false };
  const told = await remarks(source('dc1', bad), source('dc2', bad));
  expect(told).toEqual([
    'Connect does not support a NetBIOS name with a dot: B.OLD in dc=a (FOR-1).',
    'The functional level of dc=a is below Windows Server 2003: raise it before you set up Connect (FOR-3).',
    'The schema of dc=a is older than Windows Server 2016: Connect can synchronise it, Cloud Sync cannot (FOR-4).',
  ]);
  const other = source('dc9', { ...bad, forest: 'cn=configuration,dc=b' });
  expect(await remarks(source('dc1', bad), other)).toHaveLength(6);
});

test('a read-only controller is told of by its name', async () => {
  expect(await remarks(source('ldaps://rodc1', { isReadOnly: true }), source('dc1'))).toEqual([
    'ldaps://rodc1 is a read-only domain controller: Connect needs a writable one (FOR-2).',
  ]);
});
