import type { FastifyRequest } from 'fastify';
import { Id } from '../../../shared/report.ts';
import { organizationOf } from '../../caller.ts';
import { HttpProblem } from '../../problem.ts';
import type { Device } from '../../storage/devices.ts';
import type { Stores } from '../../storage/stores.ts';

/** The laptop that `:device` of the address names, of the organization it names. Throws HttpProblem. */
export async function findDevice(stores: Pick<Stores, 'devices'>, request: FastifyRequest): Promise<Device> {
  const { device: id } = request.params as { readonly device: string };
  const { number } = organizationOf(request);
  const device = Id.safeParse(id).success ? await stores.devices.byId(number, id) : undefined;
  if (device === undefined) throw new HttpProblem('not-found');
  return device;
}

/** One that may be looked at: nothing is told of a laptop whose holder asked that its data be not used for now. Throws HttpProblem. */
export async function findOpenDevice(
  stores: Pick<Stores, 'devices' | 'restrictions'>,
  request: FastifyRequest,
): Promise<Device> {
  const device = await findDevice(stores, request);
  if (await stores.restrictions.isRestricted(device.id)) {
    throw new HttpProblem('restricted', { detail: 'Its data are not used for now, as its holder asked.' });
  }
  return device;
}
