import { directoryWriter } from '../../src/ldap/directory/writer.js';
import { connect } from '../../src/ldap/protocol/connection.js';
import type { ApprovedEdit } from '../../src/model/change.js';
import { carryOut } from '../../src/remediation/run/carry-out.js';
import type { Journal } from '../../src/remediation/run/journal.js';
import { prepare } from '../../src/remediation/run/prepare.js';
import type { JournalContent, JournalRequest } from '../../src/remediation/run/read-journal.js';
import {
  resilientWriter,
  type Target as Session,
} from '../../src/remediation/run/resilient-writer.js';
import { planUndo } from '../../src/remediation/run/undo.js';
import { type FaultyServer, startFaultyServer } from '../servers/faulty.js';
import { oneFault } from './faults.js';
import type { Random } from './mutate.js';
import { type Fate, fateOf, type Target } from './target.js';

const PEOPLE = 5;
const ATTRIBUTES = ['mail', 'proxyAddresses', 'displayName'] as const;

const nameOf = (index: number) => `user${String(index).padStart(4, '0')}`;
/** Every second one has lookalikes, which are written as a whole and read back. */
const before = (index: number) => ({
  mail: [`${nameOf(index)}@contoso.local`],
  proxyAddresses: [
    `SMTP:${nameOf(index)}@contoso.local`,
    `smtp:${nameOf(index)}@fabrikam.com`,
    ...(index % 2 === 0 ? [`smtp:${nameOf(index).toUpperCase()}@fabrikam.com`] : []),
  ],
});

/** What is asked for of a person: a value replaced, one of several removed, an empty attribute filled. */
function editsOf(index: number): readonly ApprovedEdit[] {
  const dn = `CN=${nameOf(index)},OU=People,DC=contoso,DC=local`;
  const entry = { dn, guid: undefined, kind: 'user' } as const;
  const edits = [
    { attribute: 'mail', before: before(index).mail, after: [`${nameOf(index)}@contoso.com`] },
    { attribute: 'proxyAddresses', before: before(index).proxyAddresses.slice(-1), after: [] },
    { attribute: 'displayName', before: [], after: [`Person ${index}`] },
  ];
  return edits.map((edit, at) => ({
    ...{ row: index * edits.length + at + 2, id: `${index} ${at}` },
    edit: { entry, ...edit },
  }));
}

/** What a server holds of a person, as one text. */
const heldBy = (server: FaultyServer, index: number) =>
  ATTRIBUTES.map((name) => `${name}: ${server.values(index, name).toSorted()}`).join('\n');

/**
 * Answers of a server to whoever writes to it, one of them damaged: each entry is as before or as was meant, never
 * in between; what is reported of it is so; and an undo through a sound connection restores it.
 */
export const writeAnswers: Target = async (random) => {
  const fault = oneFault(random, 30);
  let isOurs = true;
  let isLie = false;
  const server = await startFaultyServer({
    entries: PEOPLE,
    attributes: (index) => before(index),
    rootDse: random(2) === 0 ? { supportedCapabilities: [] } : {},
    form: random(2) === 0 ? 'as Windows' : 'short',
    endsNow: () => isOurs && fault.endsNow(),
    says: (message, request) => {
      if (!isOurs) return message;
      const said = fault.says(message);
      // Whoever is told a lie about a change believes it.
      isLie ||= request.op === 'modify' && said !== message;
      return said;
    },
  });
  try {
    const people = Array.from({ length: PEOPLE }, (_, index) => index);
    const was = people.map((index) => heldBy(server, index));
    const { fate, requests } = await applied(server, people.flatMap(editsOf), random);
    isOurs = false;
    const now = people.map((index) => heldBy(server, index));
    for (const index of people) {
      const request = requests.find(({ edits }) => edits[0]?.id.startsWith(`${index} `));
      const isThere = now[index] !== was[index];
      // Rows that the directory did not seem to fit are not in the request.
      if (isThere && now[index] !== (request && meantBy(index, request)))
        throw new Error(`in between: ${now[index]}`);
      if (request?.state === 'applied' && !isThere) throw new Error(`not applied: ${now[index]}`);
      if (isThere && !isLie && ['failed', 'stale'].includes(request?.state ?? ''))
        throw new Error(`${request?.state}, and there: ${now[index]}`);
    }
    if (isLie) return fate === 'taken' ? 'told' : fate;
    await undone(server, requests);
    const back = people.map((index) => heldBy(server, index));
    if (String(back) !== String(was)) throw new Error(`not restored: ${back}`);
    return fate;
  } finally {
    await server.stop();
  }
};

/** What a person holds once a request is carried out, as one text. */
function meantBy(index: number, { edits }: JournalRequest): string {
  const held = new Map<string, readonly string[]>(Object.entries(before(index)));
  for (const { edit } of edits) {
    const kept = (held.get(edit.attribute) ?? []).filter((value) => !edit.before.includes(value));
    held.set(edit.attribute, [...kept, ...edit.after.map(String)]);
  }
  return ATTRIBUTES.map((name) => `${name}: ${(held.get(name) ?? []).toSorted()}`).join('\n');
}

async function openTo(server: FaultyServer): Promise<Session> {
  const options = { startTls: false, insecure: false, allowPlaintext: true, timeoutMs: 300 };
  const connection = await connect({ url: server.url, ...options });
  return {
    ...directoryWriter(connection),
    count: async () => PEOPLE,
    find: async () => [],
    close: () => connection.close(),
  };
}

async function applied(
  server: FaultyServer,
  edits: readonly ApprovedEdit[],
  random: Random,
): Promise<{ readonly fate: Fate; readonly requests: readonly JournalRequest[] }> {
  const { journal, requests } = recorder();
  const pauses = random(3) === 0 ? [1, 1] : [];
  const fate = await fateOf(async () => {
    const target = await resilientWriter(() => openTo(server), { pauses, sleep: async () => true });
    try {
      const prepared = await prepare(edits, target, 4);
      const { rows, counts } = await carryOut(prepared.requests, target, journal, {
        concurrency: 1 + random(3),
      });
      const isAll = counts.applied === rows.length && prepared.refused.length === 0;
      return isAll ? 'taken' : 'told';
    } finally {
      await target.close();
    }
  });
  return { fate, requests: [...requests.values()] };
}

/** A journal that is kept in memory. */
function recorder() {
  const requests = new Map<number, JournalRequest>();
  const journal: Journal = {
    intended: async (request, edits) => {
      requests.set(request, { request, edits, state: 'intended', reason: '' });
    },
    outcome: async (request, { state, reason }) => {
      const known = requests.get(request);
      if (state === 'not attempted') requests.delete(request);
      else if (known) requests.set(request, { ...known, state, reason });
    },
    hurry: () => {},
    end: async () => {},
    close: async () => {},
  };
  return { journal, requests };
}

async function undone(server: FaultyServer, requests: readonly JournalRequest[]): Promise<void> {
  const header = { command: 'apply', target: server.url, started: '', version: 2 } as const;
  const content: JournalContent = {
    ...{ header, requests, isChained: true, isEnded: true, brokenAt: undefined },
  };
  const target = await openTo(server);
  try {
    const plan = await planUndo(content, target, 4);
    if (plan.refused.length > 0) throw new Error(`not undone: ${plan.refused[0]?.reason}`);
    await carryOut(plan.requests, target, recorder().journal, { concurrency: 1 });
  } finally {
    await target.close();
  }
}
