import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { presync, readCells, scratch, writeCells } from '../presync.js';
import { type Started, startReview } from './start.js';

const { path, remove } = scratch();
let review: Started;

beforeAll(async () => {
  writeCells(path('sheet.csv'), [
    {
      ...{
        DISTINGUISHEDNAME: 'CN=A,DC=contoso,DC=com',
        ATTRIBUTE: 'mail',
        VALUE: 'a@contoso.local',
      },
      ...{ UPDATE: 'a@contoso.com', PROPOSEDACTION: 'EDIT', ACTION: '', SAFETY: 'safe', ID: 'x1' },
    },
  ]);
  review = await startReview([path('sheet.csv')]);
});
afterAll(async () => {
  await review.stop();
  remove();
});

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Asks as no browser would let a page ask: with any header. */
function ask(place: string, { method = 'POST', headers = {}, body = '{}' }: Asked = {}) {
  const url = new URL(place, review.url);
  return new Promise<{
    status: number | undefined;
    headers: Record<string, unknown>;
    text: string;
  }>((resolve, reject) => {
    const call = request(url, { method, headers: { ...JSON_TYPE, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    call.on('error', reject);
    call.end(method === 'GET' ? undefined : body);
  });
}

const ACCEPT = { body: '{"is":"accept","rows":[2]}' };
const undecided = () => expect(readCells(path('sheet.csv'))[0]?.['ACTION']).toBe('');

describe('the server of a review', () => {
  test('listens on the loopback interface only, under a token that nobody guesses', () => {
    expect(review.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  });

  test.each(['/', '/state', '/wrong/state', `/${'a'.repeat(32)}/state`, '/../state'])(
    'knows nothing at %s, without the token',
    async (place) => {
      expect(await ask(place)).toMatchObject({ status: 404 });
      expect(await ask(place, { method: 'GET' })).toMatchObject({ status: 404 });
    },
  );

  test.each([
    ['a name that someone made point here', { Host: 'evil.example' }],
    ['such a name with the right port', { Host: 'evil.example:80' }],
    ['a name that begins like ours', { Host: 'localhost.evil.example' }],
    ['another page', { Origin: 'https://evil.example' }],
    ['another page of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { Origin: 'null' }],
  ])('refuses %s', async (_, headers) => {
    expect(await ask('decide', { ...ACCEPT, headers })).toMatchObject({ status: 403 });
    expect(await ask('state', { headers })).toMatchObject({ status: 403 });
    expect(await ask('', { method: 'GET', headers })).toMatchObject({ status: 403 });
    undecided();
  });

  test('refuses what a form of another page could send, and what is no request of ours', async () => {
    const form = { headers: { 'Content-Type': 'text/plain' } };
    expect(await ask('decide', { ...ACCEPT, ...form })).toMatchObject({ status: 415 });
    expect(await ask('decide', { method: 'GET' })).toMatchObject({ status: 404 });
    for (const body of [
      '',
      '[]',
      '{"is":"accept"}',
      '{"is":"accept","rows":["2"]}',
      '{"is":"toString"}',
    ])
      expect(await ask('decide', { body })).toMatchObject({ status: 400 });
    expect(await ask('constructor')).toMatchObject({ status: 404 });
    expect(await ask('check', { body: '{"row":99,"update":""}' })).toMatchObject({ status: 409 });
    undecided();
  });

  test('sends headers that keep the page to itself', async () => {
    for (const place of ['', 'review.js', 'review.css', 'nothing']) {
      const { headers } = await ask(place, { method: 'GET' });
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(String(headers['content-security-policy']).split('; ').sort()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "script-src 'self'",
        "style-src 'self'",
      ]);
    }
  });

  test('answers behind a port that was forwarded', async () => {
    const headers = { Host: 'localhost:8080', Origin: 'http://localhost:8080' };
    expect(await ask('decide', { ...ACCEPT, headers })).toMatchObject({ status: 200 });
    expect(readCells(path('sheet.csv'))[0]?.['ACTION']).toBe('EDIT');
  });

  test('plans nothing without a directory', async () => {
    const { status, text } = await ask('plan', { body: '{"onlySafe":false,"limit":null}' });
    expect([status, JSON.parse(text)]).toEqual([
      409,
      expect.objectContaining({ message: 'No directory was named.' }),
    ]);
  });
});

describe('T24: a request that is too much, or breaks off', () => {
  /** Sends bytes as no browser would; what came back until the connection ended, or `enough` was in it. */
  const send = (
    head: readonly string[],
    bytes: Iterable<string>,
    { enough = '\0', to = review.url } = {},
  ) =>
    new Promise<{ readonly got: string; readonly taken: number }>((resolve) => {
      const { hostname, port, pathname } = new URL('decide', to);
      const socket = connect(Number(port), hostname);
      let got = '';
      const end = () => {
        resolve({ got, taken: socket.bytesWritten - socket.writableLength });
        socket.destroy();
      };
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString();
        if (got.includes(enough)) end();
      });
      socket.on('error', () => {});
      socket.on('close', end);
      const json = 'Content-Type: application/json';
      socket.write(
        [`POST ${pathname} HTTP/1.1`, `Host: ${hostname}:${port}`, json, ...head, '', ''].join(
          '\r\n',
        ),
      );
      for (const part of bytes) socket.write(part);
      if (enough === '') setTimeout(end, 200);
    });
  const MB = 2 ** 20;

  test('one that announces more than 8 MB is answered with 413 at once', async () => {
    const { got } = await send([`Content-Length: ${30 * MB}`], []);
    expect(got).toMatch(/^HTTP\/1\.1 413 /);
    expect(got).toContain('\r\nConnection: close\r\n');
    expect(got).toContain('more than 8 MB');
  });

  test('one that announces nothing is answered as soon as it is too much, and read no further', async () => {
    const chunk = `${MB.toString(16)}\r\n${' '.repeat(MB)}\r\n`;
    const { got, taken } = await send(
      ['Transfer-Encoding: chunked'],
      Array<string>(60).fill(chunk),
      { enough: 'more than 8 MB' },
    );
    expect(got).toMatch(/^HTTP\/1\.1 413 /);
    expect(taken).toBeLessThan(30 * MB);
  });

  test('one of nearly 8 MB is taken, each row once', async () => {
    const body = `{"is":"reopen","rows":[${'2,'.repeat(3 * MB)}2]}`;
    const { status, text } = await ask('decide', { body });
    expect([status, JSON.parse(text)]).toMatchObject([200, { rows: [{ row: 2 }] }]);
    const choice = '{"row":2,"is":"keep"}';
    const twice = { body: `{"is":"choose","choices":[${choice},${choice}],"insist":false}` };
    expect((await ask('decide', twice)).status).toBe(400);
  });

  test('one whose connection is closed in its middle is no failure of ours', async () => {
    const sheet = path('cut.csv');
    writeCells(sheet, readCells(path('sheet.csv')));
    const before = readFileSync(sheet);
    const own = await startReview([sheet]);
    const leave = { enough: '', to: own.url };
    await send(['Content-Length: 100'], ['{"is":"accept","rows":[2'], leave);
    await send(['Transfer-Encoding: chunked'], ['5\r\n{"is"'], leave);
    await fetch(new URL('state', own.url), { method: 'POST', headers: JSON_TYPE, body: '{}' });
    const { code, err } = await own.stop();
    expect([code, err]).toEqual([0, expect.not.stringContaining('Unexpected failure')]);
    expect(readFileSync(sheet)).toEqual(before);
  });
});

describe('a sheet that changed on disk', () => {
  const post = async (url: string, place: string, body: object = {}) => {
    const request = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) };
    const answer = await fetch(new URL(place, url), request);
    return { status: answer.status, json: (await answer.json()) as { reading?: number } };
  };
  const rows = ['B', 'C'].map((name) => ({
    ...{ DISTINGUISHEDNAME: `CN=${name},DC=contoso,DC=com`, ATTRIBUTE: 'mail', VALUE: name },
    ...{ UPDATE: `${name}@contoso.com`, PROPOSEDACTION: 'EDIT', ACTION: '', ID: name },
  }));
  const actions = (file: string) => readCells(file).map(({ ACTION }) => ACTION);

  test('what a page asks about rows of an earlier reading is refused', async () => {
    writeCells(path('turned.csv'), rows);
    const { url, stop } = await startReview([path('turned.csv')]);
    const { json } = await post(url, 'state');
    writeCells(path('turned.csv'), rows.toReversed());
    await post(url, 'reread');
    const { reading } = json;
    for (const [place, body] of [
      ['decide', { is: 'reject', rows: [2] }],
      ['undo', {}],
      ['check', { row: 2, update: 'x' }],
    ] as const)
      expect((await post(url, place, { ...body, reading })).status).toBe(409);
    expect(actions(path('turned.csv'))).toEqual(['', '']);
    const { json: now } = await post(url, 'state');
    const decision = { is: 'reject', rows: [2], reading: now.reading };
    expect((await post(url, 'decide', decision)).status).toBe(200);
    await stop();
  });

  test('the page does not end while decisions are not on disk, and Ctrl-C says so', async () => {
    writeCells(path('theirs.csv'), rows);
    const { url, stop } = await startReview([path('theirs.csv')]);
    writeCells(path('theirs.csv'), [...rows, ...rows]);
    await post(url, 'decide', { is: 'reject', rows: [2] });
    expect((await post(url, 'close')).status).toBe(409);
    const { code, err } = await stop();
    expect([code, err]).toEqual([3, expect.stringContaining('The last decisions are not in')]);
  });
});

describe('presync review', () => {
  test('of a file that is no sheet, or of none, says so and ends with 2', async () => {
    const missing = await presync(['review', path('none.csv')]);
    expect([missing.code, missing.err]).toEqual([
      2,
      expect.stringContaining('there is no such file'),
    ]);
    writeCells(path('other.csv'), [{ a: '1', b: '2' }]);
    const other = await presync(['review', path('other.csv')]);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('not a review sheet')]);
  });

  test('ends with 0 at Ctrl-C', async () => {
    writeCells(path('end.csv'), readCells(path('sheet.csv')));
    const started = await startReview([path('end.csv')]);
    expect((await started.stop()).code).toBe(0);
  });
});

describe('of the JSON lines of a scan', () => {
  const scan = (source: string, to: string) =>
    presync([
      'scan',
      source,
      `--jsonl=${to}`,
      '--fail-on=never',
      '--map-suffix=contoso.local=contoso.com',
    ]);

  test('decisions go to a sheet beside it, which the next review goes on with', async () => {
    await scan('fixtures/directories/contoso.ldif', path('forest.jsonl'));
    const first = await startReview([path('forest.jsonl')]);
    const token = (url: string, place: string) => new URL(place, url).toString();
    await fetch(token(first.url, 'decide'), {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"is":"reject","rows":[2]}',
    });
    expect((await first.stop()).err).toContain('Made ');
    expect(readCells(path('forest.csv'))[0]?.['ACTION']).toBe('COMPLETE');
    const again = await startReview([path('forest.jsonl')]);
    expect((await again.stop()).err).toContain('Going on with ');
    expect(readCells(path('forest.csv'))[0]?.['ACTION']).toBe('COMPLETE');
  });

  test('the sheet is the one that the scan itself would have written', async () => {
    await scan('fixtures/directories/contoso.ldif', path('same.jsonl'));
    await (await startReview([path('same.jsonl')])).stop();
    const suffix = '--map-suffix=contoso.local=contoso.com';
    const csv = `--csv=${path('scanned.csv')}`;
    await presync(['scan', 'fixtures/directories/contoso.ldif', csv, '--fail-on=never', suffix]);
    expect(readCells(path('same.csv'))).toEqual(readCells(path('scanned.csv')));
    expect(readCells(path('same.csv')).length).toBeGreaterThan(50);
  });

  test('made with a baseline, what stood before is decided on too; a report of nothing says so', async () => {
    const copy = path('again.jsonl');
    await scan('fixtures/directories/contoso.ldif', path('before.jsonl'));
    const source = 'fixtures/directories/contoso.ldif';
    const again = ['scan', source, `--baseline=${path('before.jsonl')}`, `--jsonl=${copy}`];
    expect((await presync([...again, '--map-suffix=contoso.local=contoso.com'])).out).toContain(
      'No new findings.',
    );
    await (await startReview([path('before.jsonl')])).stop();
    expect((await (await startReview([copy])).stop()).err).not.toContain('nothing to decide');
    const places = (name: string) => readCells(path(name)).map((row) => row['ID']);
    expect(places('again.csv')).toEqual(places('before.csv'));

    const clean = 'dn: CN=a,DC=contoso,DC=com\nobjectClass: computer\n';
    writeFileSync(path('clean.ldif'), clean);
    await scan(path('clean.ldif'), path('clean.jsonl'));
    const { err } = await (await startReview([path('clean.jsonl')])).stop();
    expect(err).toContain('clean.jsonl holds no finding: there is nothing to decide.');
  });

  test('a sheet of another scan is not taken, nor a report that was cut', async () => {
    await scan('fixtures/rules/duplicate-address.ldif', path('other.jsonl'));
    writeCells(path('other.csv'), readCells(path('forest.csv')));
    const foreign = await presync(['review', path('other.jsonl')]);
    expect([foreign.code, foreign.err]).toEqual([
      2,
      expect.stringContaining('is not of this scan'),
    ]);
    const lines = readFileSync(path('other.jsonl'), 'utf8').trimEnd().split('\n');
    writeFileSync(path('cut.jsonl'), lines.slice(0, -1).join('\n'));
    const cut = await presync(['review', path('cut.jsonl')]);
    expect([cut.code, cut.err]).toEqual([2, expect.stringContaining('was cut')]);
  });
});
