import type { ReportHead, ReportRow } from '../../src/export/report/report-data';

export interface ReportData {
  readonly head: ReportHead;
  readonly rows: readonly ReportRow[];
}

/** Reads the compressed blocks of the file and takes them out of the document, which needs them no more. */
export async function readData(): Promise<ReportData> {
  const [head] = (await readBlocks('head')) as [ReportHead];
  const rows = (await readBlocks('rows')) as ReportRow[][];
  return { head, rows: rows.flat() };
}

async function readBlocks(name: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const block of document.querySelectorAll(`[data-block=${name}]`)) {
    found.push(await unpack(block.textContent ?? ''));
    block.remove();
  }
  return found;
}

async function unpack(base64: string): Promise<unknown> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(text).json();
}
