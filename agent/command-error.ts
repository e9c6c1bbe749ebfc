/**
 * Exit codes of the commands that talk to the collector; those of `--check` are its own. The numbers are those of sysexits.h.
 * - refused: the collector, or this machine, says no, and trying again will not help
 * - later: nothing is lost, and the next attempt is made by itself
 * - denied: another account has to do it
 * - notEnrolled: there is no collector to talk to
 */
export const commandExitCodes = { refused: 69, later: 75, denied: 77, notEnrolled: 78 } as const;

/** A command that cannot do what it was asked, with one line for the person and the exit code for scripts. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(kind: keyof typeof commandExitCodes, message: string) {
    super(message);
    this.exitCode = commandExitCodes[kind];
  }
}
