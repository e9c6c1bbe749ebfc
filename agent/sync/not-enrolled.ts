import { CommandError } from '../command-error.ts';
import { printable } from '../output/rows.ts';
import { enrolledDirectory } from '../state/directory.ts';
import { readEnrollment } from '../state/enrollment.ts';
import { asAdministrator } from '../state/problem.ts';

/**
 * What to tell somebody in whose directory there is no enrollment: that the administrator enrolled the whole machine (`enrolled` is
 * where), and this is for the administrator to do; or that nobody has.
 */
export async function notEnrolled(
  directory: string,
  enrolled: string | undefined = enrolledDirectory(),
): Promise<CommandError> {
  const others =
    enrolled === undefined || enrolled === directory ? undefined : await organizationOf(enrolled);
  return others === undefined
    ? new CommandError(
        'notEnrolled',
        'this machine is not enrolled; ask for a token, then: agent --enroll TOKEN',
      )
    : new CommandError(
        'denied',
        `the administrator of this machine enrolled it at ${others}, so this takes administrator rights: ${asAdministrator}`,
      );
}

async function organizationOf(directory: string): Promise<string | undefined> {
  try {
    const enrollment = await readEnrollment(directory);
    return enrollment === undefined ? undefined : printable(enrollment.organization);
  } catch {
    // Damaged, or gone meanwhile.
    return undefined;
  }
}
