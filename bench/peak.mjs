/** Loaded into a measured Node process: at its end it writes down how much memory it held at most, in KiB. */
import { appendFileSync } from 'node:fs';

const { PEAKS } = process.env;
process.on('exit', () => appendFileSync(PEAKS, `${process.resourceUsage().maxRSS}\n`));
