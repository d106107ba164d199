import { parseSync } from '@swc/core';

/** A node of swc's tree. Its places are those of the octets that were parsed; `Source` turns them into those of the text. */
export interface Node {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly [key: string]: unknown;
}

/** A file of TypeScript, with its tree. */
export interface Source {
  readonly text: string;
  readonly body: readonly Node[];
  /** Where a node begins and ends in the text. */
  readonly place: (node: Node) => Place;
  readonly textOf: (node: Node) => string;
}

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Reads a file's text; throws where it is not TypeScript. */
export function sourceOf(text: string): Source {
  // The first token tells where swc begins to count: that differs between versions, and from call to call.
  const code = text.replace(/^#!/, '//');
  const tree = parseSync(`;${code}`, { syntax: 'typescript', target: 'es2023' });
  const origin = tree.span.start + 1;
  const index = indexOfOctets(text);
  const place = ({ span }: Node) => ({
    start: index(span.start - origin),
    end: index(span.end - origin),
  });
  return {
    text,
    body: (tree.body as unknown as readonly Node[]).slice(1),
    place,
    textOf: (node) => {
      const { start, end } = place(node);
      return text.slice(start, end);
    },
  };
}

/** Whether a text still parses. */
export function isTypeScript(text: string): boolean {
  try {
    sourceOf(text);
    return true;
  } catch {
    return false;
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'span' in value;
}

/** The node under a name; undefined where there is none. */
export function childOf(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The nodes right below one, but those that are types: what is not there at run time. */
export function childrenOf(node: Node): readonly Node[] {
  const found: Node[] = [];
  const look = (value: unknown): void => {
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const one of value) look(one);
    // Arguments, elements and properties stand in objects that are no nodes.
    else if (typeof value === 'object' && value !== null) entriesOf(value).forEach(look);
  };
  entriesOf(node).forEach(look);
  return found.filter((child) => !isType(child));
}

/** What an object of the tree holds, but its place and its name: a quoted name is no value. */
function entriesOf(object: object): readonly unknown[] {
  return Object.entries(object)
    .filter(([key, value]) => key !== 'span' && !(key === 'key' && isPlainName(value)))
    .map(([, value]) => value);
}

function isPlainName(value: unknown): boolean {
  return isNode(value) && value.type !== 'Computed';
}

/** Those of TypeScript's own nodes that hold an expression. */
const AROUND_EXPRESSION = new Set([
  'TsAsExpression',
  'TsConstAssertion',
  'TsNonNullExpression',
  'TsSatisfiesExpression',
  'TsParameterProperty',
]);

function isType({ type }: Node): boolean {
  return type.startsWith('Ts') && !AROUND_EXPRESSION.has(type);
}

/** The index in a text of the character that begins at an octet of its UTF-8. */
function indexOfOctets(text: string): (octet: number) => number {
  if (Buffer.byteLength(text) === text.length) return (octet) => octet;
  const indexes: number[] = [];
  let at = 0;
  for (const character of text) {
    for (let octets = Buffer.byteLength(character); octets > 0; octets -= 1) indexes.push(at);
    at += character.length;
  }
  indexes.push(at);
  return (octet) => indexes[octet] ?? at;
}
