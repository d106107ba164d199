import { writeAll } from '../files/output.js';
import type { Outputs } from '../files/outputs.js';
import type { ScanResult } from '../model/scan.js';
import { FORMATS, type FormatName } from './formats.js';
import type { ReportContext } from './report-writer.js';

/** Writes the reports that were asked for: all of them stand in the end, or none. */
export async function writeReports(
  result: ScanResult,
  outputs: Outputs<FormatName>,
  context: ReportContext,
): Promise<void> {
  for (const [name, output] of outputs.opened) {
    const write = await FORMATS[name].load();
    const pieces = await write(result, context);
    await writeAll(output, () => pieces);
  }
  await outputs.commit();
}
