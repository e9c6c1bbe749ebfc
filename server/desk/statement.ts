import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { organizationOf } from '../caller.ts';
import { pastDay } from '../history/look-back.ts';
import type { Transport } from '../review/features.ts';
import { stateOrganization } from '../statement.ts';
import type { Stores } from '../storage/stores.ts';

/** The statement an address asks for: of now, or of the end of a past day. */
export async function statementAsked(stores: Stores, request: FastifyRequest, now: Date) {
  const past = pastDay((request.query as Readonly<Record<string, unknown>>)['asOf'], now);
  const at = past?.at ?? now;
  const transport = past === null ? transportOf(request) : null;
  const statement = await stateOrganization(stores, organizationOf(request).number, at, now, transport);
  return { ...statement, at, asOf: past?.date ?? null };
}

/** How a request came in, as far as this process can see. */
function transportOf({ raw }: FastifyRequest): Transport {
  const socket = raw.socket as Partial<TLSSocket> & FastifyRequest['raw']['socket'];
  const address = socket.localAddress ?? '';
  return {
    protocol: socket.getProtocol?.() ?? null,
    loopback: address === '::1' || /^(::ffff:)?127\./.test(address),
  };
}
