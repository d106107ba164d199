import { useMemo } from 'preact/hooks';
import type { ReportHolder, ReportRow } from '../../src/export/report/report-data';
import { Text } from '../shared/text';
import { After, Value } from './value';
import { count, holderKey } from './words';

export interface HoldersProps {
  readonly row: ReportRow;
  readonly rows: readonly ReportRow[];
  readonly onOpen: (row: ReportRow) => void;
}

/** The holders of a shared value side by side, with what is proposed for each. */
export function Holders({ row, rows, onOpen }: HoldersProps) {
  const findings = useMemo(() => {
    const wanted = new Set(row.related.map(holderKey));
    const found = rows.filter((other) => other.rule === row.rule && wanted.has(holderKey(other)));
    return new Map(found.map((other) => [holderKey(other), other]));
  }, [row, rows]);
  if (row.relatedCount === 0) return null;
  const rest = row.relatedCount - row.related.length;
  return (
    <>
      <h3>Who holds it</h3>
      <div class="holders">
        <Holder holder={row} finding={row} />
        {row.related.map((holder) => (
          <Holder
            key={holderKey(holder)}
            holder={holder}
            finding={findings.get(holderKey(holder))}
            onOpen={onOpen}
          />
        ))}
      </div>
      {rest > 0 && <p class="muted">and {count(rest, 'more', 'more')}</p>}
    </>
  );
}

interface HolderProps {
  readonly holder: ReportHolder;
  readonly finding: ReportRow | undefined;
  /** Left out for the entry whose finding is open. */
  readonly onOpen?: (row: ReportRow) => void;
}

function Holder({ holder, finding, onOpen }: HolderProps) {
  const name = finding?.name;
  return (
    <article class={onOpen ? 'holder' : 'holder this'}>
      <h4>
        {finding && onOpen ? (
          <button type="button" class="link" onClick={() => onOpen(finding)}>
            <Text>{finding.name}</Text>
          </button>
        ) : (
          <Text>{name ?? holder.dn}</Text>
        )}
        {!onOpen && <span class="muted"> (this entry)</span>}
      </h4>
      <p class="value muted">
        <Text>{holder.dn}</Text>
      </p>
      <dl>
        <dt>
          <Text>{holder.attribute}</Text>
        </dt>
        <dd>
          <Value value={holder.value} />
        </dd>
        <dt>Proposal</dt>
        <dd>
          {finding?.proposal ? (
            <After proposal={finding.proposal} />
          ) : (
            <span class="muted">none</span>
          )}
        </dd>
      </dl>
    </article>
  );
}
