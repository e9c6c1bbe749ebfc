import type { FastifyInstance, FastifyRequest } from 'fastify';
import { canonicalJson } from '../../../shared/canonical.ts';
import { actorOf } from '../../caller.ts';
import { HttpProblem } from '../../problem.ts';
import { sha256 } from '../../signing/compact-jws.ts';
import type { ApiOptions } from './options.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds a secret, or somebody's data: it is given once, and kept nowhere to be given again. */
    answersOnce?: boolean;
  }
}

const validKey = /^[\w.:-]{1,128}$/;

/** The name a write gave itself. */
function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || ['GET', 'HEAD'].includes(request.method)) return undefined;
  if (typeof key !== 'string' || !validKey.test(key)) {
    throw new HttpProblem('invalid-request', {
      detail: 'An Idempotency-Key is made of letters, digits and .:_-, 128 at most.',
    });
  }
  return key;
}

/**
 * Of the routes registered in `app`, a write that carries an `Idempotency-Key` is done once: the same request again gets the same
 * answer, for a day. Another request under the same key is refused, and so is one whose first attempt has not ended.
 */
export function keepAnswers(app: FastifyInstance, { stores, now }: Pick<ApiOptions, 'stores' | 'now'>): void {
  const begun = new WeakSet<FastifyRequest>();

  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const asked = sha256(canonicalJson([request.method, request.url, request.body ?? null]));
    const known = await stores.keptAnswers.begin(actorOf(request), key, asked, now());
    if (known.kind === 'other') throw new HttpProblem('key-reused');
    if (known.kind === 'begun') throw new HttpProblem('begun-before');
    if (known.kind === 'answered') {
      if (known.body === null) throw new HttpProblem('answered-once');
      reply.code(known.status).header('idempotency-replayed', 'true');
      if (known.body !== '') reply.type('application/json; charset=utf-8').serializer(String);
      await reply.send(known.body === '' ? null : known.body);
      return reply;
    }
    begun.add(request);
    return undefined;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (!begun.delete(request)) return payload;
    const key = keyOf(request) ?? '';
    const caller = actorOf(request);
    if (reply.statusCode < 300) {
      const isKept = request.routeOptions.config.answersOnce !== true;
      const text = typeof payload === 'string' ? payload : '';
      await stores.keptAnswers.keep(caller, key, reply.statusCode, isKept ? text : null);
    } else if (reply.statusCode < 500) {
      // What was refused changed nothing: corrected, it may come under the same key.
      await stores.keptAnswers.forget(caller, key);
    }
    return payload;
  });
}
