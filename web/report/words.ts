import type { ReportHolder, ReportValue } from '../../src/export/report/report-data';
import type { Severity } from '../../src/model/finding';

export const SEVERITY_WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ['Error', 'Errors'],
  warning: ['Warning', 'Warnings'],
  info: ['Info', 'Info'],
};

export function number(n: number): string {
  return n.toLocaleString('en');
}

export function count(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** Part of a whole for people: neither 0 % for something nor 100 % for less than all. */
export function percent(n: number, all: number): string {
  const share = all === 0 ? 0 : (100 * n) / all;
  if (share > 0 && share < 1) return 'under 1 %';
  return `${share > 99 && share < 100 ? 99 : Math.round(share)} %`;
}

/** A value as text, for search and order. */
export function valueText(value: ReportValue): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : value.hex;
}

/** Tells the values of one entry and attribute apart. */
export function holderKey({ dn, attribute, value }: ReportHolder): string {
  return JSON.stringify([dn, attribute.toLowerCase(), value]);
}
