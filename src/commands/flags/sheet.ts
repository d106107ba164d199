import type { Io } from '../../files/io.js';
import type { OptionTable } from '../command-body.js';
import { JUDGING, JUDGING_OPTIONS } from './connection.js';
import { CONFIG } from './reading.js';

const TAKING = { type: 'boolean', default: false, group: 'Which of the approved rows:' } as const;

/** How a decided sheet is taken, and by what its values are judged. */
export const SHEET_OPTIONS = {
  'accept-foreign-rows': {
    ...TAKING,
    describe: 'Take rows that no scan wrote (IdFix, or by hand)',
  },
  'accept-faulty': {
    ...TAKING,
    describe: 'Write values typed by hand that are faulty, taken or proposed for others',
  },
  config: { ...CONFIG, ...JUDGING },
  ...JUDGING_OPTIONS,
} as const satisfies OptionTable;

/** Names the flags that take what was refused: the reasons of the rows do not. */
export function tellWaysRound(foreign: number, faulty: number, io: Pick<Io, 'err'>): void {
  if (foreign > 0)
    io.err(
      `${foreign} rows do not come from a scan as they stand. If they are meant to be so (a sheet of IdFix, or made by hand), add --accept-foreign-rows.\n`,
    );
  if (faulty > 0)
    io.err(
      `${faulty} rows ask for a value that is faulty, taken or proposed for another row. Correct UPDATE, or add --accept-faulty to write it all the same.\n`,
    );
}
