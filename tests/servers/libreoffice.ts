import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './process.js';

const CSV = 'Text - txt - csv (StarCalc)';

/** What to do with a file: the options of the CSV filters (separators, quotation mark, character set, first line, …). */
export interface Conversion {
  /** Options to open a CSV file; LibreOffice's own guess when left out. */
  readonly open?: string;
  readonly saveAs: 'csv' | 'ods' | 'xlsx';
  /** Options to save a CSV file. */
  readonly save?: string;
}

/** LibreOffice without a window, with settings of its own. */
export interface LibreOffice {
  /** Opens a file, saves it in another format, and gives the path of the new file. */
  convert(file: string, conversion: Conversion): Promise<string>;
  remove(): Promise<void>;
}

/** A LibreOffice that knows nothing of other runs; a conversion takes about 2 s. */
export async function libreOffice(): Promise<LibreOffice> {
  const folder = await mkdtemp(join(tmpdir(), 'presync-libreoffice-'));
  const profile = pathToFileURL(join(folder, 'profile')).href;
  return {
    convert: async (file, { open, saveAs, save }) => {
      const target = await mkdtemp(join(folder, 'made-'));
      const from = open === undefined ? [] : [`--infilter=${CSV}:${open}`];
      const to = save === undefined ? saveAs : `${saveAs}:${CSV}:${save}`;
      const args = [`-env:UserInstallation=${profile}`, '--headless', ...from];
      const said = await run('soffice', [...args, '--convert-to', to, '--outdir', target, file]);
      const made = join(target, `${basename(file, extname(file))}.${saveAs}`);
      // soffice ends with 0 also when it could not do it.
      await readFile(made).catch(() => {
        throw new Error(`soffice made no ${made}: ${said}`);
      });
      return made;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
