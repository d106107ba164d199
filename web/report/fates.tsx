import type { ReportHead } from '../../src/export/report/report-data';
import { Text } from '../shared/text';
import { count, number, percent } from './words';

interface Fate {
  readonly kind: string;
  readonly n: number;
  readonly what: string;
  /** How many there are for which reason. */
  readonly reasons?: Readonly<Record<string, number>>;
}

/** What will become of the entries: one bar for all of them, and why some are skipped. */
export function Fates({ head }: { readonly head: ReportHead }) {
  const { broken, warned, fine, skipped, joined } = head.fates;
  const together = 'joined by Connect to one of the others: one person';
  const fates: readonly Fate[] = [
    { kind: 'error', n: broken, what: 'broken: an error stops the entry or one of its values' },
    { kind: 'warning', n: warned, what: 'will sync, with warnings' },
    { kind: 'ok', n: fine, what: 'will sync as they are' },
    { kind: 'idle', n: skipped, what: 'skipped: sync leaves them out', reasons: head.skipped },
    ...(joined > 0 ? [{ kind: 'idle', n: joined, what: together }] : []),
  ];
  return (
    <section class="card" aria-labelledby="fates-title">
      <h2 id="fates-title">What will sync</h2>
      <p class="muted">
        Of {count(head.entries, 'entry', 'entries')} read; each counts once, and a person of several
        entries is one.
        {head.beside.length > 0 && ' Known and suppressed findings count here, and nowhere below.'}
      </p>
      <div class="fates-bar" aria-hidden="true">
        {fates.map(
          ({ kind, n, what }) => n > 0 && <span key={what} class={kind} style={{ flexGrow: n }} />,
        )}
      </div>
      <ul class="legend">
        {fates.map(({ kind, n, what, reasons = {} }) => (
          <li key={what}>
            <span class={`swatch ${kind}`} aria-hidden="true" />
            <span>
              <strong>{number(n)}</strong> <span class="muted">({percent(n, head.entries)})</span>{' '}
              {what}
              <Reasons reasons={reasons} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The most frequent reason first. */
function Reasons({ reasons }: { readonly reasons: Readonly<Record<string, number>> }) {
  const counts = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (counts.length === 0) return null;
  return (
    <ul class="reasons muted">
      {counts.map(([reason, times]) => (
        <li key={reason}>
          {number(times)} <Text>{reason}</Text>
        </li>
      ))}
    </ul>
  );
}
