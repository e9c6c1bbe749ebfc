import {
  EnrollmentNotice,
  type EnrollmentToken,
  type EnrollRequest,
  EnrollResponse,
} from '../../shared/api.ts';
import type { Machine } from '../../shared/machine.ts';
import { type Enrollment, writeEnrollment } from '../state/enrollment.ts';
import { version } from '../version.ts';
import { type Collector, CollectorError } from './client.ts';
import { makeDeviceKey } from './identity.ts';

function parsed<T>(
  schema: { safeParse(json: unknown): { success: true; data: T } | { success: false } },
  body: string,
): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // Not even JSON: the schema says so.
  }
  const result = schema.safeParse(json);
  if (!result.success) {
    throw new CollectorError(
      'impostor',
      'the answer is not that of a collector; a proxy or a sign-in page of this network?',
    );
  }
  return result.data;
}

/** What the person must read before anything about this machine is sent. Sends the one-time code and nothing else. */
export async function fetchNotice(collector: Collector, token: EnrollmentToken): Promise<EnrollmentNotice> {
  const { body } = await collector.request({
    method: 'GET',
    path: '/api/v1/enroll',
    bearer: () => token.code,
  });
  return parsed(EnrollmentNotice, body);
}

/**
 * Exchanges the code for a device. The key is on disk before the request leaves and the enrollment before this returns, so that
 * doing it again after a crash with the same token gives the same device.
 */
export async function enrollDevice(
  collector: Collector,
  token: EnrollmentToken,
  {
    directory,
    machine,
    notice,
    now,
  }: { directory: string; machine: Machine; notice: EnrollmentNotice; now: Date },
): Promise<Enrollment> {
  const key = await makeDeviceKey(directory);
  const request: EnrollRequest = {
    code: token.code,
    publicKey: key.publicKey,
    agent: version,
    machine,
    noticeVersion: notice.version,
  };
  const { body } = await collector.request({
    method: 'POST',
    path: '/api/v1/enroll',
    body: JSON.stringify(request),
  });
  const { device, organization, collectorKey } = parsed(EnrollResponse, body);
  const enrollment: Enrollment = {
    schema: 'muster.enrollment/1',
    device,
    organization,
    url: token.url,
    pin: token.pin,
    collectorKey,
    enrolledAt: now.toISOString(),
    notice,
  };
  await writeEnrollment(directory, enrollment);
  return enrollment;
}
