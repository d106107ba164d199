import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { asFlag } from '../../../src/commands/flags/setting-names.js';
import { type ConnectOptions, UnknownOutcomeError } from '../../../src/ldap/protocol/connection.js';
import { startFaultyServer } from '../../servers/faulty.js';
import { freePort } from '../../servers/process.js';
import { closing, edit, faulty, open, refusal } from '../opening.js';

describe('what is refused before anything is sent', () => {
  const credentials = { bindDn: 'joe@contoso.com', password: 'hunter2' };

  test.each<[string, Partial<ConnectOptions>, string]>([
    ['a password over plain LDAP', credentials, '--allow-plaintext'],
    ['an empty password', { ...credentials, password: '' }, '--password-file'],
    ['an account without password', { bindDn: 'joe@contoso.com' }, '--password-file'],
    ['a password without account', { password: 'hunter2' }, '--bind-dn'],
    ['authorities that are none', { ca: 'MIIC…' }, 'openssl'],
  ])('%s', async (_, options, hint) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const error = await refusal(open({ url: `ldap://127.0.0.1:${port}`, ...options }));
    expect(error.worded(asFlag).hint).toContain(hint);
    expect(error.message + error.hint).not.toContain('hunter2');
    expect(connections).toBe(0);
  });

  test('StartTLS on ldaps', async () => {
    const error = await refusal(open({ url: 'ldaps://127.0.0.1', startTls: true }));
    expect(error.hint).toContain('ldap://');
  });
});

describe('a network that fails', () => {
  /** A server that says one thing to whoever connects, and then nothing. */
  async function saying(
    data: string | undefined,
    encoding: BufferEncoding = 'utf8',
  ): Promise<string> {
    const server = createServer((socket) => {
      closing.push(async () => socket.destroy());
      socket.on('error', () => {});
      if (data === undefined) socket.destroy();
      else socket.write(data, encoding);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  test('an unknown host', async () => {
    const error = await refusal(open({ url: 'ldap://dc1.invalid' }));
    expect(error.message).toContain('dc1.invalid');
  });

  test('a port where nobody listens', async () => {
    const error = await refusal(open({ url: `ldap://127.0.0.1:${await freePort()}` }));
    expect(error.message).toContain('refuses the connection');
  });

  test.each([
    ['ldap', false],
    ['ldaps', false],
    ['ldap', true],
  ])('a server that never answers (%s, StartTLS %s)', async (scheme, startTls) => {
    const url = `${scheme}://${await saying('')}`;
    const error = await refusal(open({ url, startTls, timeoutMs: 200 }));
    expect(error.message).toMatch(/(within|silent for) 0.2 s/);
  });

  test('a server that hangs up', async () => {
    await refusal(open({ url: `ldap://${await saying(undefined)}` }));
    const error = await refusal(open({ url: `ldaps://${await saying(undefined)}` }));
    expect(error.hint).toContain('certificate');
    await refusal(open({ url: `ldap://${await saying(undefined)}`, startTls: true }));
  });

  test('a server that speaks something else fails at once', async () => {
    const words = 'HTTP/1.1 400 Bad Request\r\n'.repeat(20);
    const plain = await refusal(open({ url: `ldap://${await saying(words)}`, timeoutMs: 60_000 }));
    expect(plain.message).toContain('no LDAP message');
    const secure = await refusal(open({ url: `ldaps://${await saying(words)}` }));
    expect(secure.message).toContain('does not speak TLS');
  });

  test('a server that refuses StartTLS', async () => {
    const { server } = await faulty({});
    const error = await refusal(open({ url: server.url, startTls: true }));
    expect(error.message).toContain('refuses StartTLS: protocolError (2)');
  });

  test.each([
    ['with a foreign number', '300c02010278070a010004000400'],
    ['that ends something else', '300c02010161070a010004000400'],
    ['that is a search result entry', '30090201016404 0400 3000'],
    ['that is garbage', '485454502f312e31'],
  ])('T24 an answer to StartTLS %s is none', async (_, hex) => {
    const said = Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1');
    const url = `ldap://${await saying(said, 'latin1')}`;
    const error = await refusal(open({ url, startTls: true, timeoutMs: 2000 }));
    expect(error.message).toContain('something else than whether it starts TLS');
  });

  // Number 0, unavailable (52), "bye"; the second with lengths as Windows writes them.
  test.each([
    '300f020100780a0a013404000403627965',
    '30840000001302010078840000000a0a013404000403627965',
  ])('T24 a server that ends the session instead of starting TLS says why: %s', async (hex) => {
    const said = Buffer.from(hex, 'hex').toString('latin1');
    const url = `ldap://${await saying(said, 'latin1')}`;
    const error = await refusal(open({ url, startTls: true, timeoutMs: 2000 }));
    expect(error.message).toContain('refuses StartTLS: unavailable (52): bye');
  });

  test('a signal ends the connecting with its own reason', async () => {
    const url = `ldap://${await saying('')}`;
    const reason = new Error('enough');
    await expect(open({ url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const control = new AbortController();
    const opening = open({ url, signal: control.signal, timeoutMs: 60_000 });
    setTimeout(() => control.abort(reason), 50);
    await expect(opening).rejects.toBe(reason);
  });
});

describe('modify', () => {
  const dn = 'CN=user0000,OU=People,DC=contoso,DC=local';

  test('one request, guarded by the old value, values to the byte', async () => {
    const { server, connection } = await faulty({});
    const bytes = Uint8Array.of(0xff, 0x00);
    const outcome = await connection.modify(dn, [edit('mail', ['user0000@contoso.com'], [bytes])]);
    expect(outcome).toEqual({ state: 'applied', reason: '' });
    const sent = server.requests.filter(({ op }) => op === 'modify');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.changes).toEqual([
      { operation: 'delete', attribute: 'mail', values: [Buffer.from('user0000@contoso.com')] },
      { operation: 'add', attribute: 'mail', values: [Buffer.from(bytes)] },
    ]);
  });

  test('nothing to change is nothing to send', async () => {
    const { server, connection } = await faulty({});
    expect((await connection.modify(dn, [])).state).toBe('applied');
    expect(server.requests.some(({ op }) => op === 'modify')).toBe(false);
  });

  test('without an answer the outcome is unknown', async () => {
    const { connection } = await faulty({ modify: { effect: true, answer: false } });
    const error = await refusal(connection.modify(dn, [edit('mail', [], ['x'])]));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
  });
});

describe('bind', () => {
  const account = { bindDn: 'PLAIN', password: 'Pa55', allowPlaintext: true };

  test('a name that looks like a SASL mechanism is a name', async () => {
    const { server } = await faulty({}, account);
    expect(server.requests[0]).toMatchObject({ op: 'bind', dn: 'PLAIN' });
  });

  test('a refused account closes the connection', async () => {
    const server = await startFaultyServer({ bind: 49 });
    closing.push(() => server.stop());
    const error = await refusal(open({ url: server.url, ...account }));
    expect(error.message).toContain('wrong name or password');
    expect(error.message + error.hint).not.toContain('Pa55');
  });
});
