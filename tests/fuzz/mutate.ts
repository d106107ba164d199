import { seeded } from '../random.js';

/** Numbers from 0 up to, and without, a limit; the same for the same seed. */
export type Random = (limit: number) => number;

/** A generator of numbers after a seed. */
export function randomFrom(seed: number): Random {
  const next = seeded(seed);
  return (limit) => (next() * 2 ** 32) % limit;
}

/** One of a list. */
export function pick<const T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T;
}

/** Octets that mean something in BER, in texts, and at the borders of numbers. */
const SHARP = [0x00, 0x01, 0x04, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x30, 0x3a, 0x7f, 0x80, 0x84, 0xff];

/** Octets with one to three faults: changed, put in, taken out, doubled or swapped, or an end in the middle. */
export function mutated(octets: Uint8Array, random: Random): Buffer {
  let now: Buffer = Buffer.from(octets);
  for (let faults = 1 + random(3); faults > 0 && now.length > 0; faults -= 1)
    now = withFault(now, random);
  return now;
}

function withFault(octets: Buffer, random: Random): Buffer {
  const at = random(octets.length);
  const to = Math.min(octets.length, at + 1 + random(12));
  const sharp = Buffer.from([SHARP[random(SHARP.length)] ?? 0]);
  switch (random(7)) {
    case 0:
      return spliced(octets, at, at + 1, Buffer.from([(octets[at] ?? 0) ^ (1 << random(8))]));
    case 1:
      return spliced(octets, at, at + 1, sharp);
    case 2:
      return spliced(octets, at, at, sharp);
    case 3:
      return spliced(octets, at, to);
    case 4:
      return spliced(octets, to, to, octets.subarray(at, to));
    case 5:
      return octets.subarray(0, at);
    default: {
      const other = random(octets.length);
      return spliced(octets, at, to, octets.subarray(other, other + to - at));
    }
  }
}

function spliced(octets: Buffer, from: number, to: number, into: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([octets.subarray(0, from), into, octets.subarray(to)]);
}

/** A line with its end. */
const LINE = /.*\n|.+$/g;

/** Lines with one or two faults: lost, doubled, moved, joined, cut, from another file, or blank ones between them. */
function mutatedLines(text: string, random: Random, other = text): string {
  let lines: string[] = text.match(LINE) ?? [];
  const others: readonly string[] = other.match(LINE) ?? [];
  for (let faults = 1 + random(2); faults > 0 && lines.length > 0; faults -= 1) {
    const at = random(lines.length);
    const to = random(lines.length);
    const line = lines[at] ?? '';
    switch (random(8)) {
      case 0:
        lines = lines.toSpliced(at, 1 + random(3));
        break;
      case 1:
        lines = lines.toSpliced(to, 0, line);
        break;
      case 2:
        lines = lines.with(at, lines[to] ?? '').with(to, line);
        break;
      case 3:
        lines = lines.toSpliced(at, 1).toSpliced(to, 0, line);
        break;
      case 4:
        lines = lines.with(at, line.replace(/\r?\n$/, ''));
        break;
      case 5:
        lines = lines.with(at, `${line.slice(0, random(line.length))}\n`);
        break;
      case 6:
        lines = lines.toSpliced(at, random(2), others[random(others.length)] ?? '');
        break;
      default:
        lines = lines.toSpliced(at, 0, pick(['\n', ' \n', '#\n', '\r\n'], random));
    }
  }
  return lines.join('');
}

/** A text as an editor may save it: in another encoding, with other line ends, with a mark before or blanks behind. */
function savedAnew(text: string, random: Random): Buffer {
  switch (random(8)) {
    case 0:
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    case 1:
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
    case 2:
      return Buffer.from(`\uFEFF${text}`);
    case 3:
      return Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'));
    case 4:
      return Buffer.from(text.replaceAll('\r\n', '\n'));
    case 5:
      return Buffer.from(text, 'latin1');
    case 6:
      return Buffer.from(text.replaceAll('\n', ' \n'));
    default:
      return Buffer.from(`${text}${pick(['\n', '\x1a', '\n\n', '\0'], random)}`);
  }
}

/** A text that a line, a hand or an editor damaged. */
export function damaged(text: string, random: Random, other = text): Buffer {
  switch (random(5)) {
    case 0:
      return Buffer.from(mutatedLines(text, random, other));
    case 1:
      return savedAnew(text, random);
    case 2:
      return Buffer.from(text).subarray(0, random(text.length));
    default:
      return mutated(Buffer.from(text), random);
  }
}
