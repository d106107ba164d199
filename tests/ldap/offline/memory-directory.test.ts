import { describe, expect, test } from '@jest/globals';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { matchesValue } from '../../../src/ldap/format/values.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import type { Edit } from '../../../src/model/change.js';
import type { Value } from '../../../src/model/entry.js';

const GUID = new Uint8Array(16).fill(7);
const guid = '07070707-0707-0707-0707-070707070707';
const dn = 'CN=Joe,DC=contoso,DC=com';

function directory() {
  return memoryDirectory([
    createEntry(dn, [
      ['objectClass', ['top', 'user']],
      ['objectGUID', [GUID]],
      ['mail', ['joe@contoso.com']],
      ['proxyAddresses', ['SMTP:joe@contoso.com', 'smtp:j@contoso.com']],
      ['thumbnailPhoto', [new Uint8Array([1, 2])]],
    ]),
  ]);
}

function edit(attribute: string, before: readonly Value[], after: readonly Value[]): Edit {
  return { entry: { dn, guid, kind: 'user' }, attribute, before, after };
}

describe('reading', () => {
  test('finds by objectGUID first, whatever the DN says', async () => {
    const ref = { dn: 'CN=Old name,DC=contoso,DC=com', guid: guid.toUpperCase(), kind: 'user' };
    const found = await directory().read({ ...ref, kind: 'user' }, ['MAIL']);
    expect(found?.dn).toBe(dn);
    expect(found?.guid).toBe(guid);
    expect(found?.kind).toBe('user');
  });

  test('finds by DN in another spelling and gives only the attributes asked for', async () => {
    const ref = { dn: 'cn=joe, dc=CONTOSO, dc=com', guid: undefined, kind: 'user' } as const;
    const found = await directory().read(ref, ['mail']);
    expect(found?.attributes).toEqual(['mail']);
    expect(found?.values('proxyAddresses')).toEqual([]);
  });

  test('an entry that is not there is undefined', async () => {
    const ref = { dn: 'CN=Nobody,DC=contoso,DC=com', guid: undefined, kind: 'user' } as const;
    expect(await directory().read(ref, ['mail'])).toBeUndefined();
  });
});

describe('modify', () => {
  test('T1: deletes the first value that some directory takes for the one to delete', async () => {
    const values = ['SMTP:joe@contoso.com', 'smtp:JOE@contoso.com', 'smtp:x@contoso.com'];
    const two = memoryDirectory([createEntry(dn, [['proxyAddresses', values]])]);
    const removal = edit('proxyAddresses', values.slice(1, 2), []);
    expect((await two.modify(dn, [removal])).state).toBe('applied');
    expect(two.entries()[0]?.values('proxyAddresses')).toEqual(values.slice(1));
  });

  test('T1: replaces the whole attribute where it is told what it holds, and only then', async () => {
    const values = ['SMTP:joe@contoso.com', 'smtp:JOE@contoso.com', 'smtp:x@contoso.com'];
    const two = memoryDirectory([createEntry(dn, [['proxyAddresses', values]])]);
    const removal = edit('proxyAddresses', values.slice(1, 2), []);
    const meant = values.filter((_, at) => at !== 1);
    const old = { ...removal, whole: { before: values.slice(0, 2), after: values.slice(0, 1) } };
    expect((await two.modify(dn, [old])).state).toBe('stale');
    const whole = { before: values.toReversed(), after: meant };
    expect((await two.modify(dn, [{ ...removal, whole }])).state).toBe('applied');
    expect(two.entries()[0]?.values('proxyAddresses')).toEqual(meant);
  });

  test('deletes without regard to case and adds', async () => {
    const memory = directory();
    const change = edit('MAIL', ['JOE@contoso.com'], ['joe@fabrikam.com']);
    expect(await memory.modify(dn, [change])).toEqual({ state: 'applied', reason: '' });
    expect(memory.entries()[0]?.values('mail')).toEqual(['joe@fabrikam.com']);
    expect(memory.entries()[0]?.attributes).toContain('mail');
  });

  test.each([
    ['noSuchObject', 'CN=Nobody', edit('mail', ['joe@contoso.com'], [])],
    ['noSuchAttribute', dn, edit('mail', ['other@contoso.com'], ['x'])],
    ['noSuchAttribute', dn, edit('displayName', ['x'], [])],
    ['noSuchAttribute', dn, edit('thumbnailPhoto', [new Uint8Array([1, 3])], [])],
    ['attributeOrValueExists', dn, edit('proxyAddresses', [], ['SMTP:J@contoso.com'])],
  ])('%s is stale and changes nothing', async (text, name, change) => {
    const memory = directory();
    const before = memory.entries();
    const good = edit('displayName', [], ['Joe']);
    const outcome = await memory.modify(name, [good, change]);
    expect(outcome.state).toBe('stale');
    expect(outcome.reason).toContain(text);
    expect(memory.entries()).toEqual(before);
    expect(memory.entries()[0]?.values('displayName')).toEqual([]);
  });

  test('a swap of case alone goes through', async () => {
    const memory = directory();
    await memory.modify(dn, [edit('mail', ['joe@contoso.com'], ['Joe@contoso.com'])]);
    expect(memory.entries()[0]?.values('mail')).toEqual(['Joe@contoso.com']);
  });

  test('the last value of an attribute takes the attribute with it', async () => {
    const memory = directory();
    await memory.modify(dn, [edit('mail', ['joe@contoso.com'], [])]);
    expect(memory.entries()[0]?.attributes).not.toContain('mail');
  });
});

test('matching is without case for text, exact for bytes', () => {
  expect(matchesValue('a', 'A')).toBe(true);
  expect(matchesValue(Buffer.from('a'), Buffer.from('A'))).toBe(false);
});
