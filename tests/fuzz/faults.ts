import { elementsOf, rewrite } from '../servers/elements.js';
import { mutated, pick, type Random } from './mutate.js';

/** What becomes of the messages of a server, one after the other. */
export interface Fault {
  readonly says: (message: Buffer) => Buffer | readonly Buffer[];
  /** Whether the connection ends behind the message before. */
  readonly endsNow: () => boolean;
}

/** Damages one of the first so many messages, in one of several ways, or lets it come late or as the last one. */
export function oneFault(random: Random, among: number): Fault {
  let left = 1 + random(among);
  let held: Buffer | undefined;
  let isOver = false;
  const way = pick([garbled, garbled, cut, renumbered, renamed, uncontrolled, twice], random);
  const isLate = random(8) === 0;
  const says = (said: Buffer): Buffer | readonly Buffer[] => {
    left -= 1;
    isOver = false;
    if (held) {
      const late = held;
      held = undefined;
      return [said, late];
    }
    if (left !== 0) return said;
    if (isLate) {
      held = said;
      return [];
    }
    const faulty = way(said, random);
    isOver = way === cut;
    // A message that is lost whole leaves no trace in an answer: nothing counts the entries.
    return faulty.length === 0 ? said : faulty;
  };
  return { says, endsNow: () => isOver };
}

const garbled = mutated;
const cut = (message: Buffer, random: Random) => message.subarray(0, 1 + random(message.length));
const twice = (message: Buffer) => Buffer.concat([message, message]);
/** The message says that it is an answer to something else. */
const renumbered = (message: Buffer, random: Random) =>
  rewrite(message, ([, ...rest]) => [{ tag: 0x02, content: Buffer.from([random(128)]) }, ...rest]);

const OPERATIONS = [0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78, 0x79] as const;

/** It is the answer to another operation. */
const renamed = (message: Buffer, random: Random) =>
  rewrite(message, ([id, operation, ...rest]) => [
    id,
    operation && { ...operation, tag: pick(OPERATIONS, random) },
    ...rest,
  ]);

/** Its controls are lost, come twice, or are damaged. */
function uncontrolled(message: Buffer, random: Random): Buffer {
  const [whole] = elementsOf(message);
  if (elementsOf(whole?.content ?? Buffer.alloc(0)).length < 3) return garbled(message, random);
  return rewrite(message, ([id, operation, controls]) => [
    id,
    operation,
    ...pick(
      [
        () => [],
        () => [controls, controls],
        () => [controls && { ...controls, content: mutated(controls.content, random) }],
      ],
      random,
    )(),
  ]);
}
