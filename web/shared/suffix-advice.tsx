import type { CommonSuffix } from '../../src/model/scan';
import { Text } from './text';

interface SuffixAdviceProps {
  readonly suffix: CommonSuffix;
  readonly what: 'findings' | 'rows';
}

/** What would settle most of what was found in one go. */
export function SuffixAdvice({ suffix: { from, to, faults, all }, what }: SuffixAdviceProps) {
  return (
    <p>
      {`${faults.toLocaleString('en')} of ${all.toLocaleString('en')} ${what} are about the domain `}
      <strong>
        <Text>{from}</Text>
      </strong>
      . Scan again with{' '}
      <code>
        --map-suffix <Text>{`${from}=${to ?? 'YOUR-DOMAIN'}`}</Text>
      </code>
      , and addresses that are sound before the @ get safe proposals.
    </p>
  );
}
