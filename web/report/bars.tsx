import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { number } from './words';

/** A bar in parts, each in the colour of its kind. */
export interface Bar {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly parts: readonly { readonly kind: string; readonly n: number }[];
}

export interface BarsProps {
  readonly caption: string;
  /** What the rows are, and what their parts count. */
  readonly heads: readonly string[];
  readonly bars: readonly Bar[];
}

/** Bars shown before somebody asks for the rest, and on paper: the style sheets say so too. */
const SHOWN = 12;
const PRINTED = 60;

/** A chart that is a table: the numbers stand in it for everyone, the bars are for the eye. */
export function Bars({ caption, heads, bars }: BarsProps) {
  const [all, setAll] = useState(false);
  const total = ({ parts }: Bar) => parts.reduce((sum, { n }) => sum + n, 0);
  const longest = Math.max(1, ...bars.map(total));
  const rest = bars.length - SHOWN;
  const unprinted = all ? 0 : bars.length - PRINTED;
  return (
    <>
      <table class={`bars${all ? ' all' : ''}`}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{heads[0]}</th>
            <td />
            {heads.slice(1).map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.slice(0, all ? bars.length : PRINTED).map((bar) => (
            <BarRow key={bar.key} bar={bar} longest={longest} />
          ))}
        </tbody>
      </table>
      {unprinted > 0 && <p class="print-only">and {number(unprinted)} more in the file</p>}
      {rest > 0 && (
        <button type="button" class="link more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Show the first ${SHOWN}` : `Show ${number(rest)} more`}
        </button>
      )}
    </>
  );
}

function BarRow({ bar: { label, parts }, longest }: { bar: Bar; longest: number }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td aria-hidden="true">
        <div class="bar">
          {parts.map(
            ({ kind, n }) =>
              n > 0 && (
                <span key={kind} class={kind} style={{ width: `${(100 * n) / longest}%` }} />
              ),
          )}
        </div>
      </td>
      {parts.map(({ kind, n }) => (
        <td key={kind} class={n === 0 ? 'number none' : 'number'}>
          {number(n)}
        </td>
      ))}
    </tr>
  );
}
