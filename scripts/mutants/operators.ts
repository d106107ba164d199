import { childOf, isNode, type Node, type Place, type Source } from './tree.js';
import type { Words } from './words.js';

/** What is put where. */
export interface Edit extends Place {
  readonly text: string;
}

/** What a node can be changed into, each a fault that somebody could make. */
type Operator = (node: Node, source: Source, words: Words) => readonly Edit[];

const OTHER_SIGN: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '|=': ['&='],
  '&=': ['|='],
  '||=': ['='],
  '&&=': ['='],
  '??=': ['='],
};

/** Operators of which either side alone is a fault too: a guard or a way out forgotten. */
const ONE_SIDED = new Set(['&&', '||', '??']);

/** Methods that give what they are called on, in another order or form or less of it. */
const SAME_KIND =
  /^(filter|toSorted|sort|toReversed|reverse|slice|subarray|trim|trimStart|trimEnd|toLowerCase|toUpperCase|normalize|catch|finally|flat)$/;

const OTHER_METHOD: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  find: 'findLast',
  findLast: 'find',
  shift: 'pop',
  pop: 'shift',
  push: 'unshift',
  unshift: 'push',
};

export const OPERATORS: Readonly<Record<string, Operator>> = {
  BinaryExpression: (node, source) => [...otherSigns(node, source), ...oneSides(node, source)],
  AssignmentExpression: otherSigns,
  UpdateExpression: (node, source) => {
    const sign = String(node['operator']);
    const other = sign === '++' ? '--' : '++';
    return [whole(node, source, source.textOf(node).replace(sign, other))];
  },
  UnaryExpression: (node, source) => {
    const argument = childOf(node, 'argument');
    if (!argument || !['!', '-', '~'].includes(String(node['operator']))) return [];
    return [whole(node, source, source.textOf(argument))];
  },
  IfStatement: (node, source) => decided(node, source, ['true', 'false']),
  ConditionalExpression: (node, source) => decided(node, source, ['true', 'false']),
  // `true` would run for ever.
  WhileStatement: (node, source) => decided(node, source, ['false']),
  DoWhileStatement: (node, source) => decided(node, source, ['false']),
  ForStatement: (node, source) => decided(node, source, ['false']),
  BooleanLiteral: (node, source) => [whole(node, source, String(node['value'] !== true))],
  NumericLiteral: otherNumber,
  StringLiteral: otherWord,
  RegExpLiteral: otherPattern,
  ArrayExpression: (node, source) => [...emptied(node, source), ...unspread(node, source)],
  ObjectExpression: unspread,
  ExpressionStatement: (node, source) => (isDirective(node) ? [] : [whole(node, source, ';')]),
  ThrowStatement: (node, source) => [whole(node, source, ';')],
  ContinueStatement: (node, source) => [whole(node, source, ';')],
  BreakStatement: (node, source) => [whole(node, source, ';')],
  OptionalChainingExpression: unguarded,
  CallExpression: otherCall,
};

function whole(node: Node, source: Source, text: string): Edit {
  return { ...source.place(node), text };
}

function isDirective(node: Node): boolean {
  return childOf(node, 'expression')?.type === 'StringLiteral';
}

/** Another operator between the two sides. */
function otherSigns(node: Node, source: Source): readonly Edit[] {
  const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
  if (!left || !right) return [];
  const sign = String(node['operator']);
  if (sign === '+' && (isText(left) || isText(right))) return [];
  const [from, to] = [source.place(left).end, source.place(right).start];
  const at = source.text.slice(from, to).indexOf(sign);
  if (at < 0) return [];
  const [start, end] = [from + at, from + at + sign.length];
  return (OTHER_SIGN[sign] ?? []).map((text) => ({ start, end, text }));
}

/** Whether a `+` with it joins texts: there is no minus for these. */
function isText(node: Node): boolean {
  if (node.type === 'StringLiteral' || node.type === 'TemplateLiteral') return true;
  if (node.type !== 'BinaryExpression') return false;
  return [childOf(node, 'left'), childOf(node, 'right')].some((side) => side && isText(side));
}

function oneSides(node: Node, source: Source): readonly Edit[] {
  if (!ONE_SIDED.has(String(node['operator']))) return [];
  return ['left', 'right'].flatMap((key) => {
    const side = childOf(node, key);
    return side ? [whole(node, source, source.textOf(side))] : [];
  });
}

function decided(node: Node, source: Source, answers: readonly string[]): readonly Edit[] {
  const test = childOf(node, 'test');
  if (!test || test.type === 'BooleanLiteral') return [];
  return answers.map((text) => whole(test, source, text));
}

/** One more and one less; of a limit that somebody judged right, a thousand, a power or KiB, either is as right. */
function otherNumber(node: Node, source: Source): readonly Edit[] {
  const value = Number(node['value']);
  const { start, end } = source.place(node);
  const isSize =
    /\*\*\s*$/.test(source.text.slice(0, start)) ||
    /^\s*\*(\*|\s*1024\b)/.test(source.text.slice(end));
  if (isSize || value >= 1000) return [];
  return [whole(node, source, `${value + 1}`), whole(node, source, `${value - 1}`)];
}

/** A code word becomes another of its kind, or nothing; what has blanks is prose. */
function otherWord(node: Node, source: Source, words: Words): readonly Edit[] {
  const value = String(node['value']);
  if (value === '' || /\s\S*\s|\w\s|\s\w/.test(value)) return [];
  return [whole(node, source, `'${words.get(value) ?? ''}'`)];
}

/** A pattern without its anchors, its indifference to case, or its claim to find all. */
function otherPattern(node: Node, source: Source): readonly Edit[] {
  const [pattern, flags] = [String(node['pattern']), String(node['flags'])];
  const others = [
    pattern.replace(/^\^/, ''),
    pattern.replace(/(?<!\\)\$$/, ''),
    pattern.replace(/(?<![\\([])\+/, ''),
  ].map((text) => `/${text}/${flags}`);
  const all = [...others, ...['i', 'g'].map((flag) => `/${pattern}/${flags.replace(flag, '')}`)];
  return all.filter((text) => text !== '//').map((text) => whole(node, source, text));
}

function emptied(node: Node, source: Source): readonly Edit[] {
  const elements = node['elements'];
  return Array.isArray(elements) && elements.length > 0 ? [whole(node, source, '[]')] : [];
}

/** Without one of the things that are spread into it, and the comma after that. */
function unspread(node: Node, source: Source): readonly Edit[] {
  const parts = node['elements'] ?? node['properties'];
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: Record<string, unknown> | null) => {
    const inner = part?.['expression'] ?? part?.['arguments'];
    if (!part?.['spread'] || !isNode(inner)) return [];
    const { start, end } = source.place(inner);
    const comma = /^\s*,/.exec(source.text.slice(end));
    const dots = source.text.lastIndexOf('...', start);
    return [{ start: dots, end: end + (comma?.[0].length ?? 0), text: '' }];
  });
}

/** What may be missing is taken for there. */
function unguarded(node: Node, source: Source): readonly Edit[] {
  if (node['optional'] !== true) return [];
  const base = childOf(node, 'base');
  const object = base && (childOf(base, 'object') ?? childOf(base, 'callee'));
  if (!object) return [];
  const at = source.place(object).end;
  if (!source.text.startsWith('?.', at)) return [];
  const next = source.text[at + 2] ?? '';
  return [{ start: at, end: at + 2, text: next === '[' || next === '(' ? '' : '.' }];
}

/** A method called by its opposite, or not at all. */
function otherCall(node: Node, source: Source): readonly Edit[] {
  const callee = childOf(node, 'callee');
  const property = callee && childOf(callee, 'property');
  const object = callee && childOf(callee, 'object');
  if (!property || !object || property.type !== 'Identifier') return [];
  const name = String(property['value']);
  const other = OTHER_METHOD[name];
  if (other !== undefined && Object.hasOwn(OTHER_METHOD, name))
    return [whole(property, source, other)];
  return SAME_KIND.test(name) ? [whole(node, source, source.textOf(object))] : [];
}
