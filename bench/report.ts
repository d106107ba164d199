import { median, middle, type Reading } from './measure.js';

/** A figure that was to be reached, and what came of it. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly reached: boolean;
}

/** What one part of the run found. */
export interface Section {
  /** Markdown: what was measured, and the tables. */
  readonly body: string;
  readonly targets: readonly Target[];
}

/** How large a run is. */
export interface Scale {
  readonly rounds: number;
  readonly quick: boolean;
  /** Users to fill Samba with, against its usual number. */
  readonly users: number | undefined;
}

/** A Markdown table; all columns but the first hold numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** A table of contenders, each beside the last one, which is the yardstick. */
export function contest(names: readonly string[], readings: readonly Reading[][]): string {
  const yardstick = middle(readings.at(-1));
  const rows = names.map((name, at) => {
    const own = readings[at] ?? [];
    const walls = own.map(({ wall }) => wall);
    const cpu = median(own.map((one) => one.cpu));
    const times = [Math.min(...walls), median(walls), cpu].map(seconds);
    return [name, ...times, ratio(median(walls) / yardstick)];
  });
  return table(['', 'wall, least', 'wall, median', 'processor, median', 'to yardstick'], rows);
}

export const seconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
export const ratio = (value: number) => value.toFixed(2);
export const thousands = (value: number) => Math.round(value).toLocaleString('en');
export const mebibytes = (bytes: number) => `${thousands(bytes / 2 ** 20)} MiB`;

/** A section as it stands in the results, under its title. */
export function sectionText(
  title: string,
  circumstances: string,
  { body, targets }: Section,
): string {
  const rows = targets.map(({ what, wanted, measured, reached }) => [
    what,
    wanted,
    measured,
    reached ? 'yes' : '**no**',
  ]);
  const verdicts = table(['target', 'wanted', 'measured', 'reached'], rows);
  return `## ${title}\n\n${circumstances}\n\n${body}\n${verdicts}`;
}

/** The results with sections put in the place of older ones of the same title, in the order of `titles`. */
export function merged(
  intro: string,
  titles: readonly string[],
  older: string,
  newer: ReadonlyMap<string, string>,
): string {
  const known = new Map(
    older.split(/^## /m).map((text) => [text.split('\n')[0] ?? '', `## ${text.trimEnd()}\n`]),
  );
  const texts = titles.map((title) => newer.get(title) ?? known.get(title) ?? '');
  return [intro, ...texts.filter((text) => text !== '')].join('\n');
}
