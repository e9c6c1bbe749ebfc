import type { Check, Status } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { catalogueOf, readStatus } from '../storage/statuses.ts';

/** What every device is asked by these checks, in the order in which its statuses are written. */
const asked = (ids: readonly CheckId[]) =>
  ids.flatMap((id) => [id, ...Object.keys(checks[id].points).map((point) => `${id}/${point}`)]);

/** A device that reported, and one that never did. */
const catalogues = [
  catalogueOf(asked(checkIds)),
  catalogueOf(asked(checkIds.filter((id) => (checks[id] as unknown as Check).answeredBy === 'collector'))),
];

/** The statuses in a device's short text. */
export interface StatusReader {
  get(subject: string): Status | undefined;
  /** What the device was asked. */
  readonly subjects: readonly string[];
}

/** Reads a device's short text; undefined where a build with another catalogue wrote it. */
export function statusReader(text: string): StatusReader | undefined {
  const catalogue = catalogues.find(
    ({ start, subjects }) => text.length === start.length + subjects.length && text.startsWith(start),
  );
  return (
    catalogue && {
      subjects: catalogue.subjects,
      get: (subject) => readStatus(text, catalogue, subject),
    }
  );
}
