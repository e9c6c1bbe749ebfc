import type { Sources } from '../../probe.ts';
import { soleMatch } from './lines.ts';

/**
 * Enrolled in device management: `profiles status -type enrollment`, `MDM enrollment: Yes (User Approved)`. macOS 12 to 27,
 * any user. Throws SourceError.
 */
export async function enrollment(sources: Sources): Promise<'yes' | 'user-approved' | 'no'> {
  const { stdout } = await sources.command(['/usr/bin/profiles', 'status', '-type', 'enrollment']);
  const form = /^MDM enrollment: (Yes \(User Approved\)|Yes|No)$/;
  const word = soleMatch(stdout, form, 'profiles status')[1];
  return word === 'No' ? 'no' : word === 'Yes' ? 'yes' : 'user-approved';
}
