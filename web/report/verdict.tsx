import type { ReportHead } from '../../src/export/report/report-data';
import { SuffixAdvice } from '../shared/suffix-advice';
import { Text } from '../shared/text';
import { count, number } from './words';

/** The result in one sentence, with what was scanned and when. */
export function Verdict({ head }: { readonly head: ReportHead }) {
  const { scan, made, complete, gaps, fates } = head;
  const state = !complete || fates.broken > 0 ? 'bad' : fates.warned > 0 ? 'mixed' : 'good';
  return (
    <header class={`verdict ${state}`}>
      <p class="brand">
        <strong>presync</strong> report: is the directory ready to sync to Microsoft 365?
      </p>
      <h1>{head.verdict}</h1>
      {head.beside.map((line) => (
        <p key={line}>
          <Text>{line}</Text>
        </p>
      ))}
      {head.suffix && <SuffixAdvice suffix={head.suffix} what="findings" />}
      {!complete && (
        <div class="gaps" role="alert">
          <strong>This scan did not see everything: every number here may be too low.</strong>
          <ul>
            {gaps.map((gap) => (
              <li key={gap}>
                <Text>{gap}</Text>
              </li>
            ))}
          </ul>
          Mend what is named here and scan again before you rely on this report or apply anything.
        </div>
      )}
      <p class="muted">
        {scan.sources.map((source, at) => (
          <>
            {at > 0 && ', '}
            <Text>{source}</Text>
          </>
        ))}
        {' · '}
        <time dateTime={made}>
          {new Date(made).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' })}
        </time>
        {scan.profile !== 'default' && ` · profile ${scan.profile}`}
      </p>
      <Figures head={head} />
    </header>
  );
}

function Figures({ head: { findings, proposals } }: { readonly head: ReportHead }) {
  const all = proposals.safe + proposals.review;
  const figures: readonly (readonly [kind: string, n: number, what: string])[] = [
    ['error', findings.error, findings.error === 1 ? 'error' : 'errors'],
    ['warning', findings.warning, findings.warning === 1 ? 'warning' : 'warnings'],
    ['info', findings.info, 'info'],
    [
      'safe',
      all,
      `${all === 1 ? 'proposal' : 'proposals'}, ${number(proposals.safe)} of them safe`,
    ],
  ];
  return (
    <ul class="figures">
      {figures.map(([kind, n, what]) => (
        <li key={kind} class={kind}>
          <strong>{number(n)}</strong> {what}
        </li>
      ))}
    </ul>
  );
}

/** What could not be checked, for the source does not deliver what it takes. */
export function Unchecked({ head: { notRun } }: { readonly head: ReportHead }) {
  if (notRun.length === 0) return null;
  const rules = new Map<string, Set<string>>();
  for (const { rule, attribute, reason } of notRun) {
    const names = rules.get(reason) ?? new Set();
    rules.set(reason, names.add(`${rule} (${attribute})`));
  }
  return (
    <section class="card" aria-labelledby="unchecked-title">
      <h2 id="unchecked-title">Not checked</h2>
      <p class="muted">What is not delivered is not known to be absent.</p>
      <details>
        <summary>{count(rules.size, 'reason', 'reasons')}</summary>
        <dl>
          {[...rules].map(([reason, names]) => (
            <>
              <dt>
                <Text>{reason}</Text>
              </dt>
              <dd class="muted">{[...names].join(', ')}</dd>
            </>
          ))}
        </dl>
      </details>
    </section>
  );
}
