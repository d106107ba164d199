import { seeded } from '../../tests/random.js';
import { type Edit, OPERATORS } from './operators.js';
import { childOf, childrenOf, isTypeScript, type Node, type Source, sourceOf } from './tree.js';
import type { Words } from './words.js';

/** One change of a source file that its tests should notice. */
export interface Mutant extends Edit {
  /** The path from the root of the repository. */
  readonly file: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The lines that it changes, before and after, without the blanks around them. */
  readonly before: string;
  readonly after: string;
}

/** All changes of a file, in the order in which they stand there; some are no TypeScript, see `drawn`. */
export function mutantsOf(file: string, text: string, words: Words): readonly Mutant[] {
  const source = sourceOf(text);
  const never = new Set(
    [...text.matchAll(/function (\w+)\(.*\): (?:never|asserts )/g)].map(([, name]) => name),
  );
  const edits = source.body.flatMap((node) => editsBelow(node, source, words, never));
  const seen = new Set<string>();
  return edits
    .filter(({ start, end, text: into }) => text.slice(start, end) !== into)
    .map((edit) => described(file, text, edit))
    .filter(({ after, line }) => seen.size < seen.add(`${line}\0${after}`).size)
    .toSorted((a, b) => a.start - b.start);
}

/** A text with one change. */
export function mutated(text: string, { start, end, text: into }: Edit): string {
  return text.slice(0, start) + into + text.slice(end);
}

/**
 * Mutants drawn by a seed, and only such as parse: the larger a file, the more of it. `textOf` gives the text of their
 * file.
 */
export function drawn(
  mutants: readonly Mutant[],
  count: number,
  seed: number,
  textOf: (file: string) => string,
): readonly Mutant[] {
  const random = seeded(seed);
  const shuffled = mutants
    .map((mutant) => ({ mutant, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank);
  const taken: Mutant[] = [];
  for (const { mutant } of shuffled) {
    if (taken.length === count) break;
    if (isTypeScript(mutated(textOf(mutant.file), mutant))) taken.push(mutant);
  }
  return taken;
}

const IMPORTS = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'ExportNamedDeclaration']);

function editsBelow(
  node: Node,
  source: Source,
  words: Words,
  never: ReadonlySet<string | undefined>,
): readonly Edit[] {
  if (IMPORTS.has(node.type) || neverReturns(node, never)) return [];
  const own = Object.hasOwn(OPERATORS, node.type) ? OPERATORS[node.type] : undefined;
  return [
    ...(own?.(node, source, words) ?? []),
    ...childrenOf(node).flatMap((child) => editsBelow(child, source, words, never)),
  ];
}

/** Whether a statement calls what never returns: without it the types do not hold. */
function neverReturns(node: Node, never: ReadonlySet<string | undefined>): boolean {
  const call = node.type === 'ExpressionStatement' ? childOf(node, 'expression') : undefined;
  const callee = call && childOf(call, 'callee');
  return callee?.type === 'Identifier' && never.has(String(callee['value']));
}

function described(file: string, text: string, edit: Edit): Mutant {
  const from = text.lastIndexOf('\n', edit.start - 1) + 1;
  const end = text.indexOf('\n', edit.end);
  const to = end < 0 ? text.length : end;
  return {
    ...edit,
    file,
    line: text.slice(0, edit.start).split('\n').length,
    before: text.slice(from, to).trim(),
    after: (text.slice(from, edit.start) + edit.text + text.slice(edit.end, to)).trim(),
  };
}
