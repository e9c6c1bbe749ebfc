import { DeviceLink } from '../../shared/device-link.ts';
import { CommandError } from '../command-error.ts';
import { localTime } from '../output/rows.ts';
import { CollectorError } from '../sync/client.ts';
import { deviceRequest } from '../sync/device-request.ts';
import { pullPolicy } from '../sync/policy-pull.ts';
import { collectorProblem, openSession } from '../sync/session.ts';

/** `agent --my-device`: a one-time link to the page with everything the organization keeps about this machine. */
export async function myDevice(): Promise<number> {
  const session = await openSession();
  const context = { ...session, now: () => new Date() };
  const { enrollment } = session;
  try {
    // A link of somebody else's making would lead to somebody else's page.
    await pullPolicy(context);
    const { body } = await deviceRequest(context, { method: 'POST', path: '/api/v1/device-links' });
    const { path, expiresAt } = linkFrom(body);
    process.stdout.write(`${enrollment.url.replace(/\/$/, '')}${path}\n`);
    process.stderr.write(
      `Open it in a browser before ${localTime(expiresAt).slice(11)}; it works once. It shows everything\n${enrollment.organization} keeps about this machine, and who looked.\n`,
    );
    if (enrollment.pin !== null) {
      process.stderr.write(
        `Your browser may not know the collector's certificate. Its SHA-256 fingerprint:\n${spaced(enrollment.pin)}\n`,
      );
    }
    return 0;
  } catch (error) {
    if (error instanceof CollectorError && error.status === 404) {
      throw new CommandError(
        'refused',
        `the collector of ${enrollment.organization} has no such page; write to ${enrollment.notice.contact}`,
      );
    }
    throw collectorProblem(error);
  } finally {
    session.close();
  }
}

function linkFrom(body: string): DeviceLink {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // Not even JSON: the schema says so.
  }
  const link = DeviceLink.safeParse(json);
  if (!link.success) throw new CollectorError('impostor', 'the answer is no link to a page');
  return link.data;
}

/** As browsers show it, on two lines. */
function spaced(digest: string): string {
  const pairs = digest.toUpperCase().match(/../g) ?? [];
  return [pairs.slice(0, 16), pairs.slice(16)].map((half) => `  ${half.join(':')}`).join('\n');
}
