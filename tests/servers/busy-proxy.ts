import { setTimeout } from 'node:timers/promises';
import { type MessageProxy, startMessageProxy, type Target } from './message-proxy.js';
import { readRequest, writeResult } from './messages.js';

export interface BusyOptions {
  /** Result code of the first modify request. */
  readonly code: number;
  /** What someone does before that answer leaves. */
  readonly meddle?: () => Promise<void>;
  /** Whether the server carries the request out all the same. */
  readonly effect?: boolean;
}

/** Milliseconds in which a server carries out a request whose answer nobody waits for. */
const CARRIED_OUT_MS = 200;

/** An LDAP proxy that answers the first modify request in place of the server. */
export function startBusy(
  target: Target,
  { code, meddle = async () => {}, effect = false }: BusyOptions,
): Promise<MessageProxy> {
  let done = false;
  return startMessageProxy(target, () => {
    const hidden = new Set<number>();
    return {
      request: async (message, client, upstream) => {
        const request = readRequest(message);
        if (request.op !== 'modify' || done) return upstream.write(message);
        done = true;
        if (effect) {
          hidden.add(request.id);
          upstream.write(message);
          await setTimeout(CARRIED_OUT_MS);
        }
        await meddle();
        return client.write(writeResult(request, code, 'test'));
      },
      answer: (message, client) => {
        if (!hidden.has(readRequest(message).id)) client.write(message);
      },
    };
  });
}
