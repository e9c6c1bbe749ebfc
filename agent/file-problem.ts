/** What to tell about a file that could not be opened. */
export function fileProblem(error: unknown): string {
  const problems: Record<string, string> = {
    ENOENT: 'there is no such file or folder:',
    EACCES: 'no right to open',
    EISDIR: 'this is a folder:',
    ENOSPC: 'the disk is full, nothing was written to',
  };
  return problems[(error as NodeJS.ErrnoException).code ?? ''] ?? 'could not open';
}
