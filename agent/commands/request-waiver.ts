import { randomUUIDv7 } from 'node:crypto';
import type { Point } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { isMediumPoint, MediumId } from '../../shared/medium.ts';
import { WaiverRequest } from '../../shared/waiver-request.ts';
import { type Arguments, UsageError } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import { CollectorError } from '../sync/client.ts';
import { deviceRequest } from '../sync/device-request.ts';
import { pullPolicy } from '../sync/policy-pull.ts';
import { collectorProblem, openSession } from '../sync/session.ts';

/**
 * `agent --request-waiver CHECK --reason TEXT`: a person asks to be excused, or that one removable medium is approved; the
 * organization decides.
 */
export async function requestWaiver(args: Arguments): Promise<number> {
  const request = requestFrom(args);
  const session = await openSession();
  try {
    if (request.medium !== undefined) await mustBeSeen(request.medium, session.directory);
    // What a person writes goes to nobody else.
    await pullPolicy({ ...session, now: () => new Date() });
    await deviceRequest(
      { ...session, now: () => new Date() },
      { method: 'POST', path: '/api/v1/waiver-requests', body: JSON.stringify(request) },
    );
  } catch (error) {
    if (error instanceof CollectorError && error.status === 404) {
      throw new CommandError(
        'refused',
        `the collector of ${session.enrollment.organization} takes no requests; write to ${session.enrollment.notice.contact}`,
      );
    }
    throw collectorProblem(error);
  } finally {
    session.close();
  }
  const about = request.point === null ? request.check : `${request.check}/${request.point}`;
  const what =
    request.medium === undefined ? `for a waiver of ${about}` : `to approve the medium ${request.medium}`;
  process.stdout.write(
    `Asked ${session.enrollment.organization} ${what}. Until it is granted, the check counts as before.\n`,
  );
  return 0;
}

/** Throws UsageError where no such medium was seen on this machine: what is approved by a slip of the pen helps nobody. */
async function mustBeSeen(medium: string, directory: string): Promise<void> {
  const { MediaLog } = await import('../state/media.ts');
  const log = await MediaLog.openIfAllowed(directory);
  const seen = log?.days().some(({ number }) => number === medium) ?? false;
  log?.close();
  if (seen) return;
  throw new UsageError(
    `--request-waiver: no medium ${medium} was seen here; agent --note-media --verbose prints their numbers`,
  );
}

function requestFrom(args: Arguments): WaiverRequest {
  const [check = '', point, medium, more] = (args['request-waiver'] ?? '').split('/');
  if (!checkIds.includes(check as CheckId) || more !== undefined) {
    throw new UsageError(
      `--request-waiver: no check "${check.slice(0, 40)}". Checks: ${checkIds.join(', ')}`,
    );
  }
  const points = Object.keys(checks[check as CheckId].points as Record<string, Point>);
  if (point !== undefined && !points.includes(point)) {
    throw new UsageError(`--request-waiver: ${check} has these points: ${points.join(', ')}`);
  }
  if (medium !== undefined && !(isMediumPoint(check, point) && MediumId.safeParse(medium).success)) {
    throw new UsageError(
      `--request-waiver: a single medium is asked for as removable-media/approved/NUMBER; agent --note-media --verbose prints the numbers`,
    );
  }
  const reason = (args.reason ?? '').trim();
  const request = WaiverRequest.safeParse({
    id: randomUUIDv7(),
    check,
    point: point ?? null,
    medium,
    reason,
  });
  if (!request.success) {
    throw new UsageError('say why, in 10 to 1000 characters: agent --request-waiver firewall --reason "..."');
  }
  return request.data;
}
