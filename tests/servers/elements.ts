import { Ber, BerWriter } from 'ldapts';

/** The same message with lengths as Windows writes them: four octets in all that holds other elements. */
export function inWindowsForm(message: Buffer): Buffer {
  return Buffer.concat(elementsOf(message).map(windowsElement));
}

const CONTROLS = 0xa0;
const SEQUENCE = 0x30;

/** One element of what is encoded (X.690). */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** An element, and the octets that it is. */
interface Found extends Element {
  readonly octets: Buffer;
}

function windowsElement({ tag, content, octets }: Found): Buffer {
  const isConstructed = (tag & 0x20) !== 0;
  if (!isConstructed) return octets;
  const inner = tag === CONTROLS ? windowsControls(content) : inWindowsForm(content);
  const length = Buffer.from([tag, 0x84, 0, 0, 0, 0]);
  length.writeUInt32BE(inner.length, 2);
  return Buffer.concat([length, inner]);
}

/** The value of a control is octets that hold elements all the same. */
function windowsControls(controls: Buffer): Buffer {
  const rewritten = elementsOf(controls).map((control) => {
    const parts = elementsOf(control.content).map(({ tag, content, octets }, at) =>
      at > 0 && tag === Ber.OctetString && content[0] === SEQUENCE
        ? writeElement(tag, inWindowsForm(content))
        : octets,
    );
    return windowsElement({ ...control, content: Buffer.concat(parts) });
  });
  return Buffer.concat(rewritten);
}

/** Cuts octets into the elements that stand in them one after the other. */
export function elementsOf(octets: Buffer): readonly Found[] {
  const elements: Found[] = [];
  for (let at = 0; at < octets.length; ) {
    const first = octets.readUInt8(at + 1);
    const more = first < 0x80 ? 0 : first - 0x80;
    const from = at + 2 + more;
    const to = from + (more === 0 ? first : octets.readUIntBE(at + 2, more));
    if (to > octets.length) throw new Error('an element reaches beyond what it stands in');
    const content = octets.subarray(from, to);
    elements.push({ tag: octets.readUInt8(at), content, octets: octets.subarray(at, to) });
    at = to;
  }
  return elements;
}

/** An element with its length in as few octets as may be. */
export function writeElement(tag: number, content: Buffer): Buffer {
  const writer = new BerWriter();
  writer.writeBuffer(content, tag);
  return writer.buffer;
}

/** The tag of the operation of a message. */
export function tagOf(message: Buffer): number {
  const [whole] = elementsOf(message);
  return elementsOf(whole?.content ?? Buffer.alloc(0))[1]?.tag ?? 0;
}

/** A message with other parts: number, operation and, if there are any, controls. */
export function rewrite(
  message: Buffer,
  change: (parts: readonly Element[]) => readonly (Element | undefined)[],
): Buffer {
  const [whole] = elementsOf(message);
  const parts = change(elementsOf(whole?.content ?? Buffer.alloc(0)));
  const written = parts.flatMap((part) => (part ? [writeElement(part.tag, part.content)] : []));
  return writeElement(SEQUENCE, Buffer.concat(written));
}
