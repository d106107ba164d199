import type { ReportProposal, ReportValue } from '../../src/export/report/report-data';
import { Text } from '../shared/text';

/** A value of the directory: text with everything in it visible, bytes in hexadecimal, or that there is none. */
export function Value({ value }: { readonly value: ReportValue }) {
  if (value === null) return <span class="muted">no value</span>;
  if (value === '') return <span class="muted">empty text</span>;
  if (typeof value !== 'string') {
    const cut = value.hex.length < 2 * value.bytes;
    return (
      <span class="value">
        <span class="muted">{value.bytes} bytes: </span>
        {value.hex}
        {cut && '…'}
      </span>
    );
  }
  return (
    <span class="value">
      <Text>{value}</Text>
    </span>
  );
}

/** What a proposal would make of a value. */
export function After({ proposal }: { readonly proposal: ReportProposal }) {
  if (proposal.after.length === 0) return <em>remove the value</em>;
  return (
    <>
      {proposal.after.map((value, at) => (
        <>
          {at > 0 && ', '}
          <Value value={value} />
        </>
      ))}
    </>
  );
}
