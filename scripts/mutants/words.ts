import { isNode, type Node, type Source } from './tree.js';

/** Which other word a code word could be taken for. */
export type Words = ReadonlyMap<string, string>;

/** The words of all unions of words in the sources, each with the next of the smallest union that holds it. */
export function wordsIn(sources: readonly Source[]): Words {
  const lists = sources.flatMap(({ body }) => body.flatMap(unionsIn));
  const words = new Map<string, string>();
  for (const list of lists.toSorted((a, b) => a.length - b.length))
    for (const [at, word] of list.entries()) {
      const next = list[(at + 1) % list.length];
      if (next !== undefined && next !== word && !words.has(word)) words.set(word, next);
    }
  return words;
}

/** Each `'one' | 'other'`, and each `['one', 'other'] as const`, below a node. */
function unionsIn(node: Node): string[][] {
  const own = [wordsOf(node)].filter((list) => list.length > 1);
  const below = (value: unknown): string[][] => {
    if (isNode(value)) return unionsIn(value);
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap(below);
  };
  return [...own, ...Object.values(node).flatMap(below)];
}

function wordsOf(node: Node): string[] {
  if (node.type === 'TsUnionType') return literals(node['types'], 'literal');
  const array = node['expression'];
  if (node.type === 'TsConstAssertion' && isNode(array) && array.type === 'ArrayExpression')
    return literals(array['elements'], 'expression');
  return [];
}

/** The texts of string literals that stand under a key of each of the members; nothing if there are others. */
function literals(members: unknown, key: string): string[] {
  if (!Array.isArray(members)) return [];
  const nodes = members.map((member: Record<string, unknown> | null) => member?.[key]);
  const texts = nodes.map((node) =>
    isNode(node) && node.type === 'StringLiteral' ? String(node['value']) : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts : [];
}
