import { describe, expect, test } from '@jest/globals';
import { ExpectedError } from '../../../src/errors.js';
import { createEntry } from '../../../src/ldap/entry/entry.js';
import { memoryDirectory } from '../../../src/ldap/offline/memory-directory.js';
import {
  LogonError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../../src/ldap/protocol/result-codes.js';
import type { Edit, Outcome } from '../../../src/model/change.js';
import { resilientWriter, type Target } from '../../../src/remediation/run/resilient-writer.js';
import { targetOver } from './target-over.js';

const DN = 'CN=A,DC=contoso,DC=com';
const REF = { dn: DN, guid: undefined, kind: 'user' } as const;
const EDIT: Edit = { entry: REF, attribute: 'mail', before: ['a'], after: ['b'] };

const busy: Outcome = { state: 'failed', reason: 'busy (51)', code: 51 };
const lost = () => new UnavailableError('lost', 'x', true);
const unanswered = () => new UnknownOutcomeError('ldap://dc1', 'lost');

/** What a session does when it is asked to modify: the real thing, or what a bad day brings. */
type Turn = 'works' | 'busy' | 'busy after' | 'gone' | 'lost before' | 'lost after' | 'late';

/** A directory with one entry behind sessions that do as told, one turn for each modify. */
async function scene(turns: readonly Turn[], options: { opens?: readonly unknown[] } = {}) {
  const memory = memoryDirectory([createEntry(DN, [['mail', ['a']]])]);
  const left = [...turns];
  const failures = [...(options.opens ?? [])];
  const log: string[] = [];
  let number = 0;
  let late: (() => Promise<unknown>) | undefined;
  const open = async (): Promise<Target> => {
    const failure = number === 0 ? undefined : failures.shift();
    if (failure) {
      log.push('open fails');
      throw failure;
    }
    number += 1;
    const name = number;
    log.push(`open ${name}`);
    return targetOver(memory, {
      read: (ref, attributes) => {
        log.push(`read ${name}`);
        return memory.read(ref, attributes);
      },
      modify: async (dn, edits) => {
        const turn = left.shift() ?? 'works';
        log.push(`modify ${name} ${turn}`);
        await late?.();
        late = undefined;
        if (turn === 'busy') return busy;
        if (turn === 'gone') throw lost();
        if (turn === 'lost before') throw unanswered();
        if (turn === 'late') {
          late = () => memory.modify(dn, edits);
          throw unanswered();
        }
        const outcome = await memory.modify(dn, edits);
        if (turn === 'lost after') throw unanswered();
        return turn === 'busy after' ? busy : outcome;
      },
      close: async () => {
        log.push(`close ${name}`);
      },
    });
  };
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    return true;
  };
  const patience = { pauses: [500, 1000, 2000], sleep };
  const writer = await resilientWriter(open, patience);
  const mail = () => memory.entries()[0]?.values('mail');
  return { memory, writer, log, slept, mail };
}

describe('a change', () => {
  test('that a busy server refuses is sent again, after pauses that grow', async () => {
    const { writer, slept, log, mail } = await scene(['busy', 'busy']);
    expect(await writer.modify(DN, [EDIT])).toEqual({ state: 'applied', reason: '' });
    expect(slept).toEqual([500, 1000]);
    expect(log).toEqual([
      'open 1',
      'modify 1 busy',
      'read 1',
      'modify 1 busy',
      'read 1',
      'modify 1 works',
    ]);
    expect(mail()).toEqual(['b']);
  });

  test('that a server is always too busy for fails with its words', async () => {
    const { writer, slept } = await scene(['busy', 'busy', 'busy', 'busy']);
    expect(await writer.modify(DN, [EDIT])).toEqual(busy);
    expect(slept).toEqual([500, 1000, 2000]);
  });

  test('that a busy server refused and somebody overtook then is stale, with the value, and left alone', async () => {
    const { writer, memory, log, mail } = await scene(['busy']);
    const changed = writer.modify(DN, [EDIT]);
    await memory.modify(DN, [{ ...EDIT, after: ['c'] }]);
    expect(await changed).toEqual({
      state: 'stale',
      reason: 'mail holds "c" now: someone changed it since',
    });
    expect(mail()).toEqual(['c']);
    expect(log.filter((line) => line.startsWith('modify'))).toHaveLength(1);
  });

  test('that a server carried out while it said that it had no time is found, and not sent again', async () => {
    const { writer, log } = await scene(['busy after']);
    const outcome = await writer.modify(DN, [EDIT]);
    expect(outcome).toEqual({ state: 'applied', reason: expect.stringContaining('found so') });
    expect(log.filter((line) => line.startsWith('modify'))).toHaveLength(1);
  });

  test('that could not be sent is sent over a fresh connection, after a look', async () => {
    const { writer, log } = await scene(['gone']);
    expect((await writer.modify(DN, [EDIT])).state).toBe('applied');
    expect(log).toEqual([
      'open 1',
      'modify 1 gone',
      'close 1',
      'open 2',
      'read 2',
      'modify 2 works',
    ]);
  });

  test('that was never answered stays unknown where the server is too busy for it when it is sent again', async () => {
    const { writer, mail } = await scene(['lost before', 'busy', 'busy', 'busy']);
    expect(await writer.modify(DN, [EDIT])).toEqual({
      ...{ state: 'unknown', code: 51 },
      reason: 'never answered, and when sent again busy (51)',
    });
    expect(mail()).toEqual(['a']);
  });

  test('that was carried out and not answered is found, and not sent again', async () => {
    const { writer, log, mail } = await scene(['lost after']);
    const outcome = await writer.modify(DN, [EDIT]);
    expect(outcome).toEqual({ state: 'applied', reason: expect.stringContaining('found so') });
    expect(log).toEqual(['open 1', 'modify 1 lost after', 'close 1', 'open 2', 'read 2']);
    expect(mail()).toEqual(['b']);
  });

  test('that was neither carried out nor answered is looked up, then sent again', async () => {
    const { writer, log } = await scene(['lost before']);
    expect(await writer.modify(DN, [EDIT])).toEqual({ state: 'applied', reason: '' });
    expect(log.slice(3)).toEqual(['open 2', 'read 2', 'modify 2 works']);
  });

  test('that arrives late, after it was looked up, is not taken for stale', async () => {
    const { writer, mail } = await scene(['late']);
    expect((await writer.modify(DN, [EDIT])).state).toBe('applied');
    expect(mail()).toEqual(['b']);
  });

  test('that someone overtook in the meantime is unknown, with the value, and left alone', async () => {
    const { writer, memory, log, mail } = await scene(['lost before']);
    const theirs = { ...EDIT, after: ['c'] };
    const changed = writer.modify(DN, [EDIT]);
    await memory.modify(DN, [theirs]);
    expect(await changed).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('mail holds "c" now'),
    });
    expect(mail()).toEqual(['c']);
    expect(log.filter((line) => line.startsWith('modify'))).toHaveLength(1);
  });

  test('of which one part stands and the other does not is unknown', async () => {
    const { writer, memory } = await scene(['lost before']);
    const other = { ...EDIT, attribute: 'displayName', before: [], after: ['B'] };
    const changed = writer.modify(DN, [EDIT, other]);
    await memory.modify(DN, [EDIT]);
    expect((await changed).state).toBe('unknown');
  });

  test('is given up as never answered when nobody can be reached to look', async () => {
    const down = new ExpectedError('refuses the connection', 'x');
    const { writer, log } = await scene(['lost after'], { opens: [down, down, down] });
    await expect(writer.modify(DN, [EDIT])).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(log.filter((line) => line.startsWith('modify'))).toHaveLength(1);
    expect(log.filter((line) => line === 'open fails')).toHaveLength(3);
  });

  test('is never answered, and not unsent, where the account is refused before anybody could look', async () => {
    const { writer, log, mail } = await scene(['lost after'], {
      opens: [new LogonError('no', 'x')],
    });
    await expect(writer.modify(DN, [EDIT])).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(mail()).toEqual(['b']);
    expect(log).toEqual(['open 1', 'modify 1 lost after', 'close 1', 'open fails']);
  });

  test('that the server refuses for good is not tried again', async () => {
    const { writer, slept } = await scene([]);
    const stale = await writer.modify(DN, [{ ...EDIT, before: ['z'] }]);
    expect([stale.state, slept]).toEqual(['stale', []]);
  });
});

describe('the connection', () => {
  test('is opened again while the server is down, and a lost one is closed', async () => {
    const down = new ExpectedError('refuses the connection', 'x');
    const { writer, slept, log } = await scene(['gone'], { opens: [down, down] });
    expect((await writer.modify(DN, [EDIT])).state).toBe('applied');
    expect(slept).toEqual([500, 1000, 2000]);
    expect(log).toContain('close 1');
  });

  test('is not opened again once the account is refused: that could lock it', async () => {
    const { writer, log } = await scene(['gone'], { opens: [new LogonError('no', 'x')] });
    await expect(writer.modify(DN, [EDIT])).rejects.toBeInstanceOf(LogonError);
    await expect(writer.read(REF, ['mail'])).rejects.toBeInstanceOf(LogonError);
    expect(log.filter((line) => line.startsWith('open'))).toEqual(['open 1', 'open fails']);
  });

  test('is replaced once for all that lost it', async () => {
    const { writer, log } = await scene(['gone', 'lost before', 'gone']);
    const other = (name: string) => ({ ...EDIT, attribute: name, before: [], after: ['x'] });
    const all = [EDIT, other('displayName'), other('cn')].map((edit) => writer.modify(DN, [edit]));
    expect((await Promise.all(all)).map(({ state }) => state)).toEqual(Array(3).fill('applied'));
    expect(log.filter((line) => line.startsWith('open'))).toEqual(['open 1', 'open 2']);
  });

  test('that is new stays when someone hears late that the old one is lost', async () => {
    const memory = memoryDirectory([createEntry(DN, [['mail', ['a']]])]);
    const closed: number[] = [];
    let opened = 0;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const open = async (): Promise<Target> => {
      opened += 1;
      const number = opened;
      const modify: Target['modify'] = async (dn, edits) => {
        if (number > 1) return memory.modify(dn, edits);
        if (edits[0]?.attribute === 'cn') await held;
        throw lost();
      };
      const close = async () => {
        closed.push(number);
      };
      return targetOver(memory, { modify, close });
    };
    const writer = await resilientWriter(open, { pauses: [1, 1], sleep: async () => true });
    const slow = writer.modify(DN, [{ ...EDIT, attribute: 'cn', before: [], after: ['x'] }]);
    await writer.modify(DN, [EDIT]);
    letGo();
    expect((await slow).state).toBe('applied');
    expect([opened, closed]).toEqual([2, [1]]);
  });

  test('fails at once when it never was', async () => {
    const refuse = () => Promise.reject(new ExpectedError('refuses', 'x'));
    const sleep = () => Promise.reject(new Error('must not wait'));
    await expect(resilientWriter(refuse, { pauses: [1], sleep })).rejects.toThrow('refuses');
  });

  test('close closes the one in use', async () => {
    const { writer, log } = await scene(['gone']);
    await writer.modify(DN, [EDIT]);
    await writer.close();
    expect(log.at(-1)).toBe('close 2');
  });
});

describe('an interruption', () => {
  const interrupted = { pauses: [1, 1], sleep: async () => false };
  const one = (modify: Target['modify']): (() => Promise<Target>) => {
    const memory = memoryDirectory([]);
    return async () =>
      targetOver(memory, {
        modify,
      });
  };

  test('ends the waiting: a busy server is believed, an unanswered change stays unknown', async () => {
    const patient = await resilientWriter(
      one(async () => busy),
      interrupted,
    );
    expect(await patient.modify(DN, [EDIT])).toEqual(busy);
    const silent = await resilientWriter(
      one(async () => {
        throw unanswered();
      }),
      interrupted,
    );
    await expect(silent.modify(DN, [EDIT])).rejects.toBeInstanceOf(UnknownOutcomeError);
  });

  test('a bug is no bad connection', async () => {
    const broken = await resilientWriter(
      one(async () => {
        throw new TypeError('x');
      }),
      { pauses: [1], sleep: async () => true },
    );
    await expect(broken.modify(DN, [EDIT])).rejects.toThrow(TypeError);
  });
});

test('readers on one connection that is lost after every answer all get theirs in the end', async () => {
  const open = async (): Promise<Target> => {
    const memory = memoryDirectory([createEntry(DN, [['mail', ['a']]])]);
    let answers = 0;
    return targetOver(memory, {
      read: async (ref, attributes) => {
        answers += 1;
        if (answers > 1) throw lost();
        return memory.read(ref, attributes);
      },
    });
  };
  const writer = await resilientWriter(open, { pauses: [1, 1], sleep: async () => true });
  const readers = Array.from({ length: 12 }, () => writer.read(REF, ['mail']));
  expect((await Promise.all(readers)).map((entry) => entry?.dn)).toEqual(Array(12).fill(DN));
});

test('reading is repeated until the server has time', async () => {
  const memory = memoryDirectory([createEntry(DN, [['mail', ['a']]])]);
  let calls = 0;
  const open = async (): Promise<Target> =>
    targetOver(memory, {
      read: async (ref, attributes) => {
        calls += 1;
        if (calls < 3) throw new UnavailableError('busy', 'x', false);
        return memory.read(ref, attributes);
      },
    });
  const writer = await resilientWriter(open, { pauses: [1, 1, 1], sleep: async () => true });
  expect((await writer.read(REF, ['mail']))?.values('mail')).toEqual(['a']);
  expect(calls).toBe(3);
});
