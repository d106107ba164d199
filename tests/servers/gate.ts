import type { Socket } from 'node:net';
import { BerReader } from 'ldapts';
import { type MessageProxy, startMessageProxy, type Target } from './message-proxy.js';

/** What is held back: a modify request, its second half, or its answer. */
export type Hold = 'request' | 'half request' | 'answer';

/** An LDAP proxy that stops all traffic at one modify request or its answer. */
export interface Gate extends MessageProxy {
  /** Fulfilled once that request is held back: nothing passes in its direction until `release`. */
  readonly held: Promise<void>;
  /** Lets pass what was held back, also when the client is gone by now, and everything after it. */
  release(): void;
}

/** Modify request and its response (RFC 4511 4.6). */
const MODIFY = 0x66;
const MODIFIED = 0x67;

/** Starts a gate on a free port of 127.0.0.1 that shuts at the n-th modify request, counted from 1. */
export async function startGate(target: Target, hold: Hold, nth: number): Promise<Gate> {
  let tell = () => {};
  const held = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const shut = gate(hold, nth, tell);
  const proxy = await startMessageProxy(target, () => ({
    request: (message, _, upstream) => shut.pass(message, upstream, MODIFY),
    answer: (message, client) => shut.pass(message, client, MODIFIED),
    // What is held back outlives the client, as on a network that is slow.
    outlivesClient: shut.isShut,
  }));
  return { ...proxy, held, release: shut.release };
}

function gate(hold: Hold, nth: number, tell: () => void) {
  const stop = hold === 'answer' ? MODIFIED : MODIFY;
  const waiting: (() => void)[] = [];
  let seen = 0;
  let state: 'open' | 'shut' | 'released' = 'open';
  /** `tag` is that of the messages in this direction which are counted. */
  const pass = (message: Buffer, to: Socket, tag: number) => {
    const write = (part: Buffer) => () => void (to.destroyed || to.write(part));
    if (state === 'shut' && tag === stop) return void waiting.push(write(message));
    if (state === 'open' && tag === stop && tagOf(message) === stop) seen += 1;
    if (state !== 'open' || seen < nth) return write(message)();
    state = 'shut';
    const half = hold === 'half request' ? message.length >> 1 : 0;
    if (half > 0) write(message.subarray(0, half))();
    waiting.push(write(message.subarray(half)));
    tell();
  };
  return {
    pass,
    isShut: () => state === 'shut',
    release: () => {
      state = 'released';
      for (const send of waiting.splice(0)) send();
    },
  };
}

function tagOf(message: Buffer): number | null {
  const reader = new BerReader(message);
  reader.readSequence();
  reader.readInt();
  return reader.peek();
}
