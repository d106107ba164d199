import type { Value } from '../model/entry.js';
import { printable } from './printable.js';

/** Longest value that a message repeats in full; the sheet has the whole of it in VALUE. */
const SHOWN = 80;

/** A value as a message shows it: in quotation marks, safe to print, cut when long; bytes by their number. */
export function quote(value: Value): string {
  if (typeof value !== 'string') return `${value.length} bytes`;
  const characters = [...value];
  const shown = characters.length > SHOWN ? `${characters.slice(0, SHOWN - 1).join('')}…` : value;
  return `"${printable(shown)}"`;
}
