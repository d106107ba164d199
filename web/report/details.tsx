import { useMemo } from 'preact/hooks';
import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { Drawer } from '../shared/drawer';
import { Text } from '../shared/text';
import { Holders } from './holders';
import { After, Value } from './value';
import { count, number, SEVERITY_WORDS } from './words';

export interface DetailsProps {
  readonly row: ReportRow;
  readonly head: ReportHead;
  readonly rows: readonly ReportRow[];
  /** The rows of the table, in their order: what comes before and after this one. */
  readonly shown: readonly ReportRow[];
  readonly onOpen: (row: ReportRow) => void;
  readonly onClose: () => void;
}

/** One finding: what it is, why it matters to sync, what to do, and what presync proposes. */
export function Details(props: DetailsProps) {
  const { row, head, rows, onOpen, onClose } = props;
  const rule = head.rules.find(({ id }) => id === row.rule);
  const others = useMemo(
    () => rows.filter((other) => other.dn === row.dn && other !== row),
    [rows, row],
  );
  return (
    <Drawer
      label={`Finding: ${rule?.title ?? row.rule}`}
      onClose={onClose}
      actions={<Steps {...props} />}
    >
      <p>
        <span class={`badge ${row.severity}`}>{SEVERITY_WORDS[row.severity][0]}</span>{' '}
        <a href={`#rule/${row.rule}`}>{row.rule}</a>
      </p>
      <h2>{rule?.title ?? row.rule}</h2>
      <Held {...row} />
      <h3>What</h3>
      <p>
        <Text>{row.message}</Text>
      </p>
      <Proposal row={row} />
      <Holders row={row} rows={rows} onOpen={onOpen} />
      <h3>Why it matters to sync</h3>
      <p>{rule?.why}</p>
      <h3>What to do</h3>
      <p>
        {rule?.remedy} <a href={`#rule/${row.rule}`}>More about {row.rule}</a>
      </p>
      <Others {...{ others, onOpen }} />
    </Drawer>
  );
}

/** The ways to the finding before and to the one after. */
function Steps({ row, shown, onOpen }: DetailsProps) {
  const at = shown.indexOf(row);
  const step = (by: number, word: string) => {
    const next = at < 0 ? undefined : shown[at + by];
    return (
      <button type="button" class="control" disabled={!next} onClick={() => next && onOpen(next)}>
        {word}
      </button>
    );
  };
  return (
    <>
      <span class="muted drawer-place">
        {at >= 0 && `${number(at + 1)} of ${number(shown.length)}`}
      </span>
      {step(-1, 'Previous')}
      {step(1, 'Next')}
    </>
  );
}

/** The entry, and what it holds. */
function Held({ name, kind, dn, attribute, value, parts }: ReportRow) {
  return (
    <dl class="facts">
      <dt>Entry</dt>
      <dd>
        <strong>
          <Text>{name}</Text>
        </strong>{' '}
        <span class="muted">({kind})</span>
        <br />
        <span class="value muted">
          <Text>{dn}</Text>
        </span>
      </dd>
      {parts.length > 0 && (
        <>
          <dt>One person with</dt>
          <dd>
            {parts.map((part) => (
              <div key={part} class="value muted">
                <Text>{part}</Text>
              </div>
            ))}
          </dd>
        </>
      )}
      <dt>{<Text>{attribute}</Text>}</dt>
      <dd>
        <Value value={value} />
      </dd>
    </dl>
  );
}

function Proposal({ row: { proposal, value, rule } }: { readonly row: ReportRow }) {
  if (!proposal)
    return (
      <>
        <h3>Proposal</h3>
        <p class="muted">None: a person has to decide.</p>
      </>
    );
  const more = proposal.rules.filter((id) => id !== rule);
  return (
    <>
      <h3>Proposal</h3>
      <dl class="change">
        <dt>Before</dt>
        <dd>
          <Value value={value} />
        </dd>
        <dt>After</dt>
        <dd class="after">
          <After proposal={proposal} />
        </dd>
      </dl>
      <p>
        <span class={`badge ${proposal.safety}`}>{proposal.safety}</span>{' '}
        {proposal.safety === 'safe'
          ? 'By the rules, or by a mapping that was given, this value is right, and nobody else has it: it may be approved in bulk.'
          : 'Look at it before you approve it.'}
        {more.length > 0 && ` It also settles ${[...new Set(more)].join(', ')}.`}
      </p>
    </>
  );
}

/** Findings of the entry that are named; the table has the rest. */
const OTHERS_SHOWN = 20;

interface OthersProps {
  readonly others: readonly ReportRow[];
  readonly onOpen: (row: ReportRow) => void;
}

function Others({ others, onOpen }: OthersProps) {
  if (others.length === 0) return null;
  return (
    <>
      <h3>{count(others.length, 'other finding', 'other findings')} of this entry</h3>
      <ul class="others">
        {others.slice(0, OTHERS_SHOWN).map((other) => (
          <li>
            <span class={`badge ${other.severity}`}>{SEVERITY_WORDS[other.severity][0]}</span>{' '}
            <button type="button" class="link" onClick={() => onOpen(other)}>
              {other.rule} (<Text>{other.attribute}</Text>)
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
