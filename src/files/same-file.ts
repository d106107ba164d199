import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Whether two paths lead to one file, by whatever links; also where it is not there yet. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [identityOf(a), identityOf(b)];
  return one === undefined || other === undefined ? resolve(a) === resolve(b) : one === other;
}

/** Device and number of a file; undefined where there is none to be seen, as whoever opens it will say. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
