/** Numbers from 0 up to, and without, a limit; the same for the same seed. */
export type Random = (limit: number) => number;

/** A generator of numbers after a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
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

/** A table with one or two faults as hands and spreadsheets make them: a column shifted or sorted, rows or cells swapped, lost or doubled. */
export function mutatedTable(
  rows: readonly (readonly string[])[],
  random: Random,
): readonly (readonly string[])[] {
  let now = rows.map((row) => [...row]);
  for (let faults = 1 + random(2); faults > 0 && now.length > 1; faults -= 1) {
    const body = now.slice(1);
    const column = random(now[0]?.length ?? 1);
    const [one, other] = [1 + random(body.length), 1 + random(body.length)];
    const cells = body.map((row) => row[column] ?? '');
    const put = (values: readonly string[]) =>
      now.map((row, at) => (at === 0 ? row : row.with(column, values[at - 1] ?? '')));
    switch (random(6)) {
      case 0:
        now = put([...cells.slice(1), cells[0] ?? '']);
        break;
      case 1:
        now = put(cells.toSorted());
        break;
      case 2:
        now = put(cells.map(() => cells[one - 1] ?? ''));
        break;
      case 3:
        now = now.toSpliced(one, 1, ...[now[other] ?? []].map((row) => [...row]));
        break;
      case 4:
        now = now.map((row, at) => (at === one ? row.toSpliced(column, 1) : row));
        break;
      default:
        now = now.toSpliced(one, 1);
    }
  }
  return now;
}
