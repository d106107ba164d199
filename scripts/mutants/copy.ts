import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { type Mutant, mutated } from './mutate.js';

const run = promisify(execFile);

/** Types that do not hold are noticed by the compiler; what is merely unused is no fault. */
const TYPES = ['-p', 'tsconfig.json', '--noEmit', '--noUnusedLocals', 'false'];

/** A copy of the checkout that may be damaged: nobody else works in it. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'pm-'));
  /** For what the tests leave behind. Short, for the names of sockets. */
  readonly scratch = join(this.folder, 't');
  private mutant: Mutant | undefined;
  private built: Mutant | undefined;

  constructor() {
    const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
    const files = execFileSync('git', list, { encoding: 'utf8', maxBuffer: 1 << 26 });
    for (const file of files.split('\0').filter((name) => name !== ''))
      cpSync(file, join(this.folder, file));
    cpSync('dist', join(this.folder, 'dist'), { recursive: true });
    symlinkSync(realpathSync('node_modules'), join(this.folder, 'node_modules'));
    mkdirSync(this.scratch);
    // What the tests keep for the next run takes long to make.
    for (const name of readdirSync(tmpdir()).filter((name) => /^presync-.*-template-/.test(name)))
      symlinkSync(join(tmpdir(), name), join(this.scratch, name));
  }

  /** Puts a mutant in, and takes the one before out; undefined leaves none. */
  put(mutant: Mutant | undefined): void {
    if (this.mutant) this.write(this.mutant.file, readFileSync(this.mutant.file, 'utf8'));
    this.mutant = mutant;
    if (mutant) this.write(mutant.file, mutated(readFileSync(mutant.file, 'utf8'), mutant));
  }

  /** Builds what the tests of the built program run, where that is of another mutant; false if it cannot be built. */
  async build(): Promise<boolean> {
    if (this.built === this.mutant) return true;
    try {
      for (const mutant of [this.built, this.mutant]) if (mutant) await this.translate(mutant.file);
      for (const script of ['scripts/cli.mjs', 'scripts/web.mjs'])
        await run(process.execPath, [script], { cwd: this.folder });
    } catch {
      return false;
    } finally {
      this.built = this.mutant;
    }
    return true;
  }

  /** Whether the types still hold. */
  async compiles(): Promise<boolean> {
    try {
      await run('node_modules/.bin/tsc', TYPES, { cwd: this.folder });
      return true;
    } catch {
      return false;
    }
  }

  remove(): void {
    // A test that was ended in the middle leaves the small disk on which it was.
    for (const place of mounts())
      if (place.startsWith(`${this.folder}/`)) execFileSync('umount', ['--lazy', place]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Writes the module of the library that belongs to a source file. */
  private async translate(file: string): Promise<void> {
    const text = readFileSync(join(this.folder, file), 'utf8');
    const { code } = await transform(text, { loader: 'ts', format: 'esm', target: 'node20.19' });
    this.write(file.replace(/^src\/(.*)\.ts$/, 'dist/$1.js'), code);
  }

  private write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Where something is mounted; nowhere, on a system that does not tell. */
function mounts(): readonly string[] {
  const table = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '';
  return table.split('\n').map((line) => line.split(' ')[1] ?? '');
}
