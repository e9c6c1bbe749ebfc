import { join } from 'node:path';
import { z } from 'zod';
import { EnrollmentNotice, PublicKey } from '../../shared/api.ts';
import { Id, Sha256 } from '../../shared/report.ts';
import { readIfThere, removeFile, setAside, writeWhole } from './file.ts';

/** What the agent remembers of its enrollment. Nothing in it is secret. */
export const Enrollment = z.strictObject({
  schema: z.literal('muster.enrollment/1'),
  device: Id,
  organization: z.string().max(200),
  url: z.url({ protocol: /^https?$/ }).max(300),
  /** SHA-256 of the collector's TLS certificate; null where the usual authorities vouch for it. */
  pin: Sha256.nullable(),
  /** The collector signs policies with this. */
  collectorKey: PublicKey,
  enrolledAt: z.iso.datetime(),
  /** What the person saw before anything was sent. */
  notice: EnrollmentNotice,
});
export type Enrollment = z.output<typeof Enrollment>;

/** The file cannot be used; it was moved to `keptAs` where that was possible. */
export class BrokenState extends Error {
  override readonly name = 'BrokenState';
}

const fileOf = (directory: string) => join(directory, 'enrollment.json');

/**
 * The enrollment kept in a directory, or undefined when there is none. A file that makes no sense is set aside; throws
 * BrokenState with a message for the person.
 */
export async function readEnrollment(directory: string): Promise<Enrollment | undefined> {
  const text = await readIfThere(fileOf(directory));
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not even JSON: the schema says so.
  }
  const enrollment = Enrollment.safeParse(json);
  if (enrollment.success) return enrollment.data;
  let where = fileOf(directory);
  try {
    where = await setAside(where, new Date());
  } catch {
    // An ordinary user may look at the service's file, not move it.
  }
  throw new BrokenState(`the enrollment of this machine is damaged (kept as ${where})`);
}

/** The enrollment of its copy in the outbox; undefined where there is none. */
export function enrollmentOfCopy(copy: string | undefined): Enrollment | undefined {
  return Enrollment.safeParse(JSON.parse(copy ?? 'null')).data;
}

export async function writeEnrollment(directory: string, enrollment: Enrollment): Promise<void> {
  await writeWhole(fileOf(directory), `${JSON.stringify(Enrollment.parse(enrollment), null, 2)}\n`);
}

export async function removeEnrollment(directory: string): Promise<void> {
  await removeFile(fileOf(directory));
}
