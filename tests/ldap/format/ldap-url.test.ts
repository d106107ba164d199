import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { ExpectedError } from '../../../src/errors.js';
import { parseLdapUrl, referenceDn, serverName } from '../../../src/ldap/format/ldap-url.js';

function refusal(text: string): ExpectedError {
  try {
    parseLdapUrl(text);
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('parseLdapUrl', () => {
  test.each([
    ['ldap://dc1', 'ldap://dc1:389', 389, false],
    ['LDAPS://dc1.contoso.local', 'ldaps://dc1.contoso.local:636', 636, true],
    ['ldap://dc1:10389/', 'ldap://dc1:10389', 10389, false],
    ['ldaps://192.0.2.7', 'ldaps://192.0.2.7:636', 636, true],
  ])('%s', (text, url, port, secure) => {
    expect(parseLdapUrl(text)).toEqual({
      url,
      host: new URL(url).hostname,
      port,
      secure,
      base: undefined,
      isCatalogPort: false,
    });
  });

  test('an IPv6 address loses its brackets as a host and keeps them in the URL', () => {
    const { host, url, port } = parseLdapUrl('ldap://[2001:db8::1]:3268');
    expect([host, url, port]).toEqual(['2001:db8::1', 'ldap://[2001:db8::1]:3268', 3268]);
  });

  test('the path is the base, percent-decoded', () => {
    expect(parseLdapUrl('ldap://dc1/OU=M%c3%bcnchen,DC=contoso').base).toBe(
      'OU=München,DC=contoso',
    );
    expect(parseLdapUrl('ldap://dc1/OU=a%2Cb/c').base).toBe('OU=a,b/c');
  });

  test.each(['ldap://dc1:3268', 'ldaps://dc1:3269'])('%s is a global catalog', (text) => {
    expect(parseLdapUrl(text).isCatalogPort).toBe(true);
  });

  test.each([
    'dc1.contoso.local',
    'http://dc1',
    'ldapi:///',
    'ldap://',
    'ldap:///DC=contoso',
    'ldap://dc1:0',
    'ldap://dc1:65536',
    'ldap://dc1:',
    'ldap://dc1:389x',
    'ldap://[dc1]',
    'ldap://[::1',
    'ldap://::1',
    'ldap://dc 1',
    'ldap://dc1/%zz',
    'ldap://dc1/%ff',
    'ldap://dc1/DC=a?mail',
    'ldap://dc1/DC=a??sub?(mail=*)',
    'ldap://dc1#x',
    '',
  ])('refuses %j with a hint', (text) => {
    expect(refusal(text).hint).not.toBe('');
  });

  test('a password in the URL is refused and not repeated', () => {
    const error = refusal('ldap://joe:hunter2@dc1');
    expect(error.message + error.hint).not.toMatch(/hunter2|joe/);
    expect(error.worded(asFlag).hint).toContain('--password-file');
  });

  test('control characters do not reach the message', () => {
    expect(refusal('ldap://dc1\u001b[2J').message).toContain('\\u{1b}');
  });
});

test('a reference names its DN, whatever follows it', () => {
  expect(referenceDn('ldap://child.contoso.local/DC=child,DC=contoso,DC=local')).toBe(
    'DC=child,DC=contoso,DC=local',
  );
  expect(referenceDn('ldap://x/OU=a%20b??sub')).toBe('OU=a b');
  expect(referenceDn('ldap://x/OU=%ff')).toBe('OU=%ff');
  expect(referenceDn('ldap://x')).toBeUndefined();
  expect(referenceDn('\\\\server\\share')).toBe('\\\\server\\share');
});

test('TLS is told names, not addresses', () => {
  expect(serverName('dc1')).toBe('dc1');
  expect(serverName('127.0.0.1')).toBeUndefined();
  expect(serverName('::1')).toBeUndefined();
});
