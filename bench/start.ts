import { inTurn, measure, middle, presync } from './measure.js';
import { contest, type Scale, type Section, seconds, type Target } from './report.js';

/** The parts of a tenth of a second need more rounds than the others. */
const ROUNDS = 10;

/** How long presync takes to start, and to scan next to nothing. */
export async function start({ quick }: Scale): Promise<Section> {
  const node = { program: process.execPath, args: ['-e', '0'] };
  const help = presync('--help');
  const scan = presync('scan', 'fixtures/directories/contoso.ldif', '--fail-on', 'never');
  const readings = await inTurn(
    quick ? 3 : ROUNDS,
    () => measure(help),
    () => measure(scan),
    () => measure(node),
  );
  const names = ['`presync --help`', 'scan of the demo company (44 entries)', '`node -e 0`'];
  const limits = [0.25, 0.6];
  const targets = limits.map((limit, at): Target => {
    const time = middle(readings[at]);
    const wanted = `< ${limit} s`;
    return { what: names[at] ?? '', wanted, measured: seconds(time), reached: time < limit };
  });
  return { body: contest(names, readings), targets };
}
