import type { ReportRule } from '../../src/export/report/report-data';
import { SEVERITIES } from '../../src/findings/severities';
import { Bars } from './bars';

export interface RulesChartProps {
  readonly rules: readonly ReportRule[];
  readonly onRule: (id: string) => void;
}

/** Findings by rule and severity; a rule narrows the table to its findings. */
export function RulesChart({ rules, onRule }: RulesChartProps) {
  const total = ({ findings }: ReportRule) =>
    SEVERITIES.reduce((sum, severity) => sum + findings[severity], 0);
  const spoke = rules.filter((rule) => total(rule) > 0).sort((a, b) => total(b) - total(a));
  return (
    <section class="card" aria-labelledby="by-rule-title">
      <h2 id="by-rule-title">Findings by rule</h2>
      <p class="muted">Choose a rule to see its findings below.</p>
      {spoke.length === 0 ? (
        <p>No findings.</p>
      ) : (
        <Bars
          caption="Findings by rule and severity"
          heads={['Rule', 'Errors', 'Warnings', 'Info']}
          bars={spoke.map(({ id, title, findings }) => ({
            key: id,
            label: (
              <button type="button" class="link" title={title} onClick={() => onRule(id)}>
                {id}
              </button>
            ),
            parts: SEVERITIES.map((kind) => ({ kind, n: findings[kind] })),
          }))}
        />
      )}
    </section>
  );
}
