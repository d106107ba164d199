import type { CommonSuffix } from '../model/scan.js';
import { domainOf } from './address.js';
import { asciiDomain } from './domain-name.js';

/** What was found about a value, and what is proposed for it. */
export interface Fault {
  readonly rules: readonly string[];
  readonly value: unknown;
  readonly update?: unknown;
  readonly safety?: string | undefined;
}

/** Whether a mapping of its suffix settles what a rule found. */
export function isMoving(rule: string): boolean {
  return rule === 'unroutable-domain' || rule === 'unverified-domain';
}

/** Below this many faults nobody is spared much by a mapping. */
const FEW = 10;

/**
 * The one domain that makes most of the faults, unless it was mapped already: its values have safe proposals then. A
 * scan with a mapping for it repairs them in one go.
 */
export function commonSuffix(faults: Iterable<Fault>): CommonSuffix | undefined {
  const suffixes = new Map<string, { faults: number; to: Map<string, number> }>();
  let all = 0;
  for (const { rules, value, update, safety } of faults) {
    all += 1;
    if (safety === 'safe' || !rules.some(isMoving)) continue;
    const from = suffixOf(value);
    if (from === undefined) continue;
    const known = suffixes.get(from) ?? { faults: 0, to: new Map<string, number>() };
    suffixes.set(from, known);
    known.faults += 1;
    const to = suffixOf(update);
    if (to !== undefined && to !== from) known.to.set(to, (known.to.get(to) ?? 0) + 1);
  }
  const first = [...suffixes].sort(([, a], [, b]) => b.faults - a.faults)[0];
  if (!first || first[1].faults < FEW || first[1].faults * 2 <= all) return undefined;
  const [from, { faults: count, to }] = first;
  return { from, to: [...to].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null, faults: count, all };
}

function suffixOf(value: unknown): string | undefined {
  const domain = typeof value === 'string' ? domainOf(value.trim()) : undefined;
  return domain === undefined ? undefined : asciiDomain(domain);
}
