import { randomBytes } from 'node:crypto';
import type { Enrollment } from '../state/enrollment.ts';
import { type Collector, type CollectorAnswer, CollectorError, type CollectorRequest } from './client.ts';
import { type DeviceKey, requestToken } from './identity.ts';

/** What a request of this device is made with. */
export interface RequestContext {
  readonly enrollment: Enrollment;
  readonly collector: Collector;
  readonly key: DeviceKey;
  readonly now: () => Date;
}

/** An answer, and the nonce of the request it answers. */
export interface DeviceAnswer extends CollectorAnswer {
  readonly nonce: string;
}

/**
 * Asks the collector something as this device: signed for this method, path and body, and good once. Where our clock is wrong,
 * it is asked a second time by the collector's clock. Throws CollectorError.
 */
export async function deviceRequest(
  { enrollment, collector, key, now }: RequestContext,
  request: Omit<CollectorRequest, 'bearer'>,
): Promise<DeviceAnswer> {
  const { method, body = '' } = request;
  const ask = async (at: Date): Promise<DeviceAnswer> => {
    const nonce = randomBytes(16).toString('base64url');
    const answer = await collector.request({
      ...request,
      bearer: (path) => requestToken(key, enrollment.device, { method, path, body, nonce, now: at }),
    });
    return { ...answer, nonce };
  };
  try {
    return await ask(now());
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    if (error.problem !== 'clock-skew' || error.clockOffsetMs === undefined) throw error;
    return ask(new Date(now().getTime() + error.clockOffsetMs));
  }
}
