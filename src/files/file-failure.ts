const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['the folder does not exist', 'Create the folder or name another one.'],
  ENOTDIR: ['a part of the path is no folder', 'Name a file in an existing folder.'],
  EACCES: ['no permission', 'Name a file in a folder that you may write to.'],
  EPERM: ['no permission', 'Name a file in a folder that you may write to.'],
  EROFS: ['the disk is read-only', 'Name a file on another disk.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  EBUSY: ['another program has it open', 'Close it there.'],
  ENOSPC: ['the disk is full', 'Free some space or name a file on another disk.'],
};

/** Why a file could not be written, in words, and the way out. */
export function fileFailure(error: unknown): { readonly reason: string; readonly hint: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = error instanceof Error ? error.message : String(error);
  const [reason, hint] = REASONS[code] ?? [words, 'Name another file.'];
  return { reason, hint };
}
