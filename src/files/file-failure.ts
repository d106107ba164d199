/** Why a file cannot be had, and the way out. */
export interface FileFailure {
  readonly reason: string;
  readonly hint: string;
}

/** By the code of the system: what it means for a file that is read, and for one that is written. */
type Reasons = Readonly<Record<string, readonly [reason: string, hint: string]>>;

const READING: Reasons = {
  ENOENT: ['there is no such file', 'Check the path.'],
  ENOTDIR: ['a part of the path is no folder', 'Check the path.'],
  ENAMETOOLONG: ['the path is too long', 'Check the path.'],
  EACCES: ['no permission', 'Let the account that runs presync read it.'],
  EPERM: ['no permission', 'Let the account that runs presync read it.'],
  EISDIR: ['it is a folder', 'Name the file in it.'],
  ELOOP: ['its links lead in a circle', 'Name the file itself.'],
  EBUSY: ['another program has it open', 'Close it there.'],
  EMFILE: ['too many files are open', 'Close other programs, then start again.'],
  ENFILE: ['too many files are open', 'Close other programs, then start again.'],
  EIO: ['the disk or the share does not give it', 'Name a copy on another disk.'],
  ESTALE: ['the disk or the share does not give it', 'Name a copy on another disk.'],
  ETIMEDOUT: ['the disk or the share does not give it', 'Name a copy on another disk.'],
  ENXIO: ['nothing can be read from it', 'Name a file.'],
};

const WRITING: Reasons = {
  ENOENT: ['the folder does not exist', 'Create the folder or name another one.'],
  ENOTDIR: ['a part of the path is no folder', 'Name a file in an existing folder.'],
  EACCES: ['no permission', 'Name a file in a folder that you may write to.'],
  EPERM: ['no permission', 'Name a file in a folder that you may write to.'],
  EROFS: ['the disk is read-only', 'Name a file on another disk.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  EBUSY: ['another program has it open', 'Close it there.'],
  ENOSPC: ['the disk is full', 'Free some space or name a file on another disk.'],
};

/** Why a file could not be written, in words. */
export function fileFailure(error: unknown): FileFailure {
  return failureIn(WRITING, error);
}

/** Why a file could not be read, in words. */
export function readingFailure(error: unknown): FileFailure {
  return failureIn(READING, error);
}

/** The code of the system; empty for anything else. */
export function codeOf(error: unknown): string {
  return isObject(error) && 'code' in error ? String(error.code) : '';
}

function failureIn(reasons: Reasons, error: unknown): FileFailure {
  const words = isObject(error) && 'message' in error ? String(error.message) : String(error);
  const [reason, hint] = reasons[codeOf(error)] ?? [words, 'Name another file.'];
  return { reason, hint };
}

function isObject(error: unknown): error is object {
  return typeof error === 'object' && error !== null;
}
