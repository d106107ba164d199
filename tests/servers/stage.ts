import type { Target } from './message-proxy.js';
import { startSamba } from './samba.js';
import { startSlapd } from './slapd.js';
import type { Tools } from './tools.js';

/** Either real server behind one face, for proofs that must hold on both. */
export interface Stage extends Tools {
  readonly baseDn: string;
  readonly url: string;
  /** The port that a proxy has to reach. */
  readonly target: Target;
  readonly bindDn: string;
  readonly password: string;
  stop(): Promise<void>;
}

export type StageName = 'slapd' | 'samba';

export async function startStage(name: StageName): Promise<Stage> {
  if (name === 'slapd') {
    const server = await startSlapd({ tls: false });
    const target = { host: '127.0.0.1', port: Number(new URL(server.url).port), tls: false };
    return { ...server, target, baseDn: server.suffix };
  }
  const server = await startSamba();
  const target = { host: new URL(server.ldaps).hostname, port: 636, tls: true };
  return { ...server, target, url: server.ldaps, bindDn: server.admin };
}
