import type { CommonSuffix } from '../../src/model/scan';
import { asMapping } from '../../src/text/as-mapping';
import { Text } from './text';

interface SuffixAdviceProps {
  readonly suffix: CommonSuffix;
  readonly what: 'findings' | 'rows';
}

/** What would settle most of what was found in one go. */
export function SuffixAdvice({ suffix, what }: SuffixAdviceProps) {
  const { from, faults, all } = suffix;
  return (
    <p>
      {`${faults.toLocaleString('en')} of ${all.toLocaleString('en')} ${what} are about the domain `}
      <strong>
        <Text>{from}</Text>
      </strong>
      . Scan again with{' '}
      <code>
        --map-suffix <Text>{asMapping(suffix)}</Text>
      </code>
      , and addresses that are sound before the @ get safe proposals.
    </p>
  );
}
