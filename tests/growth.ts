/** How much more there is to do the second time. */
const STEP = 20;

/** Microseconds of processor time below which a measurement says little. */
const LEAST = 5_000;

/**
 * How many times as long some work takes for twenty times as much of it: about 20 where it grows with the size, about 400
 * where it grows with the square. Both are measured in the same run and in time of the processor, so that neither a slow
 * machine nor a busy one tells; the least of several counts, for what else there is only adds.
 * @param size how much work is little; it is done at this size and at twenty times this size.
 */
export async function growth(size: number, work: (size: number) => unknown): Promise<number> {
  const timeOf = async (now: number) => {
    const before = process.cpuUsage();
    await work(now);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const least = async (now: number, times: number) => {
    let best = Number.POSITIVE_INFINITY;
    for (let n = 0; n < times; n += 1) best = Math.min(best, await timeOf(now));
    return best;
  };
  await timeOf(size);
  const little = await least(size, 3);
  const much = await least(size * STEP, 2);
  return much / Math.max(little, LEAST);
}

/** From here on work grows with the square of its size, or nearly. */
export const NEARLY_SQUARE = 120;
