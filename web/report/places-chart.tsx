import type { Place } from '../../src/export/report/report-data';
import { Text } from '../shared/text';
import { Bars } from './bars';
import { PATH_SEPARATOR, placeKey } from './filters';

export interface PlacesChartProps {
  readonly places: readonly Place[];
  /** Given the key of a place, see placeKey. */
  readonly onPlace: (key: string) => void;
}

/** Entries with findings by domain, and below each domain by container. */
export function PlacesChart({ places, onPlace }: PlacesChartProps) {
  const bars = domains(places).flatMap((domain) => [
    bar(domain, 'domain'),
    ...places
      .filter(({ path }) => path[0] === domain.path[0] && path.length > 1)
      .filter(({ broken, warned }) => broken + warned > 0)
      .sort(byCount)
      .map((place) => bar(place, 'unit')),
  ]);
  function bar(place: Place, kind: string) {
    const name = kind === 'unit' ? place.path.slice(1) : place.path;
    const label = (
      <button type="button" class={`link ${kind}`} onClick={() => onPlace(placeKey(place.path))}>
        <Text>{name.join(PATH_SEPARATOR)}</Text>
      </button>
    );
    const parts = [
      { kind: 'error', n: place.broken },
      { kind: 'warning', n: place.warned },
    ];
    return { key: placeKey(place.path), label, parts };
  }
  return (
    <section class="card" aria-labelledby="by-place-title">
      <h2 id="by-place-title">Entries by domain and OU</h2>
      <p class="muted">Choose one to see what was found in it and below.</p>
      {bars.length === 0 ? (
        <p>No entry with errors or warnings.</p>
      ) : (
        <Bars
          caption="Entries with errors or warnings by domain and organisational unit"
          heads={['Place', 'Broken', 'Warned']}
          bars={bars}
        />
      )}
    </section>
  );
}

function byCount(a: Place, b: Place): number {
  return b.broken - a.broken || b.warned - a.warned;
}

/** Each domain with the sum of its places, the worst first. */
function domains(places: readonly Place[]): readonly Place[] {
  const sums = new Map<string, { broken: number; warned: number }>();
  for (const { path, broken, warned } of places) {
    const sum = sums.get(path[0] ?? '') ?? { broken: 0, warned: 0 };
    sum.broken += broken;
    sum.warned += warned;
    sums.set(path[0] ?? '', sum);
  }
  return [...sums]
    .map(([domain, sum]) => ({ path: [domain], ...sum }))
    .filter(({ broken, warned }) => broken + warned > 0)
    .sort(byCount);
}
