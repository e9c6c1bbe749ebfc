import type { Check, Status } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { readStatuses } from '../storage/statuses.ts';

/** What every device is asked by these checks, in the order in which its statuses are written. */
const asked = (ids: readonly CheckId[]) =>
  ids.flatMap((id) => [id, ...Object.keys(checks[id].points).map((point) => `${id}/${point}`)]);

/** A device that reported, and one that never did. */
const catalogues = [
  asked(checkIds),
  asked(checkIds.filter((id) => (checks[id] as unknown as Check).answeredBy === 'collector')),
];

/** Every status in a device's short text; undefined where a build with another catalogue wrote it. */
export const currentStatuses = (text: string): ReadonlyMap<string, Status> | undefined =>
  readStatuses(text, catalogues);
