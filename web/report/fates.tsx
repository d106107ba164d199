import type { ReportHead } from '../../src/export/report/report-data';
import { Text } from '../shared/text';
import { count, number, percent } from './words';

/** What will become of the entries: one bar for all of them, and why some are skipped. */
export function Fates({ head }: { readonly head: ReportHead }) {
  const { broken, warned, fine, skipped, joined } = head.fates;
  const parts: readonly (readonly [kind: string, n: number, what: string])[] = [
    ['error', broken, 'broken: an error stops the entry or one of its values'],
    ['warning', warned, 'will sync, with warnings'],
    ['ok', fine, 'will sync as they are'],
    ['idle', skipped, 'skipped: sync leaves them out'],
    ...(joined > 0
      ? [['idle', joined, 'joined by Connect to one of the others: one person'] as const]
      : []),
  ];
  const reasons = Object.entries(head.skipped).sort(([, a], [, b]) => b - a);
  return (
    <section class="card" aria-labelledby="fates-title">
      <h2 id="fates-title">What will sync</h2>
      <p class="muted">
        Of {count(head.entries, 'entry', 'entries')} read; each counts once, and a person of several
        entries is one.
        {head.beside.length > 0 && ' Known and suppressed findings count here, and nowhere below.'}
      </p>
      <div class="fates-bar" aria-hidden="true">
        {parts.map(
          ([kind, n, what]) => n > 0 && <span key={what} class={kind} style={{ flexGrow: n }} />,
        )}
      </div>
      <ul class="legend">
        {parts.map(([kind, n, what]) => (
          <li key={what}>
            <span class={`swatch ${kind}`} aria-hidden="true" />
            <span>
              <strong>{number(n)}</strong> <span class="muted">({percent(n, head.entries)})</span>{' '}
              {what}
              {what.startsWith('skipped') && reasons.length > 0 && (
                <ul class="reasons muted">
                  {reasons.map(([reason, times]) => (
                    <li key={reason}>
                      {number(times)} <Text>{reason}</Text>
                    </li>
                  ))}
                </ul>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
