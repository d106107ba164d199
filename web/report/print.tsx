import { render } from 'preact';
import type { ReportHead, ReportRow } from '../../src/export/report/report-data';
import { Text } from '../shared/text';
import { PATH_SEPARATOR } from './filters';
import { After, Value } from './value';
import { count, number, SEVERITY_WORDS } from './words';

/** Rows that paper gets: about a hundred pages. */
const PRINTED = 2_000;

/** Puts the rows as they are filtered and sorted into the document while it is printed: paper does not scroll. */
export function printOnDemand(
  host: HTMLElement,
): (shown: readonly ReportRow[], head: ReportHead) => void {
  let print = () => {};
  addEventListener('beforeprint', () => print());
  addEventListener('afterprint', () => render(null, host));
  return (shown, head) => {
    print = () => render(<PrintedRows shown={shown} head={head} />, host);
  };
}

interface PrintedRowsProps {
  readonly shown: readonly ReportRow[];
  readonly head: ReportHead;
}

function PrintedRows({ shown, head }: PrintedRowsProps) {
  const all = head.findings.error + head.findings.warning + head.findings.info;
  const filtered = shown.length < all ? `, filtered from ${number(all)}` : '';
  const limited =
    shown.length > PRINTED
      ? `The first ${number(PRINTED)} of ${number(shown.length)} findings${filtered}; the rest is in the file`
      : `${count(shown.length, 'finding', 'findings')}${filtered}`;
  return (
    <section class="printed">
      <h2>Findings</h2>
      <p>{limited}.</p>
      <table>
        <thead>
          <tr>
            <th>Severity</th>
            <th>Entry</th>
            <th>Rule</th>
            <th>Attribute and value</th>
            <th>Proposal</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, PRINTED).map((row) => (
            <PrintedRow row={row} path={head.places[row.place]?.path ?? []} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function PrintedRow({ row, path }: { row: ReportRow; path: readonly string[] }) {
  return (
    <tr>
      <td>{SEVERITY_WORDS[row.severity][0]}</td>
      <td>
        <strong>
          <Text>{row.name}</Text>
        </strong>
        <br />
        <Text>{path.join(PATH_SEPARATOR)}</Text>
      </td>
      <td>{row.rule}</td>
      <td>
        <Text>{row.attribute}</Text>
        <br />
        <Value value={row.value} />
      </td>
      <td>
        {row.proposal && (
          <>
            {row.proposal.safety}: <After proposal={row.proposal} />
          </>
        )}
      </td>
    </tr>
  );
}
