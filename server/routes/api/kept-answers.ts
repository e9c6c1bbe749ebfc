import type { FastifyInstance, FastifyRequest } from 'fastify';
import { canonicalJson } from '../../../shared/canonical.ts';
import { actorOf } from '../../caller.ts';
import { HttpProblem } from '../../problem.ts';
import { sha256 } from '../../signing/compact-jws.ts';
import type { ApiOptions } from './options.ts';

const validKey = /^[\w.:-]{1,128}$/;

/** The name a request gave itself, where it may be kept: a write of the API. */
function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  const write = !['GET', 'HEAD'].includes(request.method);
  if (key === undefined || !write) return undefined;
  if (typeof key !== 'string' || !validKey.test(key)) throw new HttpProblem('invalid-request');
  return key;
}

/**
 * A write that carries an `Idempotency-Key` is done once: the same request again gets the same answer, for a day. Another request
 * under the same key is refused, and so is one whose first attempt never ended.
 */
export function keepAnswers(app: FastifyInstance, { stores, now }: ApiOptions): void {
  const begun = new WeakSet<FastifyRequest>();

  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const asked = sha256(canonicalJson([request.method, request.url, request.body ?? null]));
    const known = await stores.keptAnswers.begin(actorOf(request), key, asked, now());
    if (known.kind === 'other') throw new HttpProblem('key-reused');
    if (known.kind === 'begun') throw new HttpProblem('begun-before');
    if (known.kind === 'answered') {
      await reply
        .code(known.status)
        .header('idempotency-replayed', 'true')
        .type('application/json; charset=utf-8')
        .serializer(String)
        .send(known.body);
      return reply;
    }
    begun.add(request);
    return undefined;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (!begun.delete(request)) return payload;
    const key = keyOf(request) ?? '';
    const done = reply.statusCode < 300 && typeof payload === 'string';
    // What was refused changed nothing: corrected, it may come under the same key.
    if (done) await stores.keptAnswers.keep(actorOf(request), key, reply.statusCode, payload);
    else if (reply.statusCode < 500) await stores.keptAnswers.forget(actorOf(request), key);
    return payload;
  });
}
