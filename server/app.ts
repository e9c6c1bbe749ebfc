import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { pino } from 'pino';
import { accessOf } from './access/access.ts';
import type { SingleSignOn } from './access/single-sign-on.ts';
import type { Mailer } from './alerts/mail.ts';
import { guardCallers } from './guard-callers.ts';
import { whatIfTrials } from './ingest/what-if.ts';
import { issueToken } from './issue.ts';
import { logOptions } from './log.ts';
import { describeApi } from './openapi.ts';
import { measureOperation } from './operation/metrics.ts';
import { HttpProblem, problemMediaType } from './problem.ts';
import { agentRoutes } from './routes/agents/index.ts';
import { apiRoutes } from './routes/api/index.ts';
import { healthRoutes } from './routes/health.ts';
import { pageRoutes, sendNotFound, wantsPage } from './routes/pages/index.ts';
import { updateRoutes } from './routes/updates.ts';
import type { CollectorKey } from './signing/collector-key.ts';
import { isRefusedText, isUnavailable } from './storage/faults.ts';
import type { Stores } from './storage/stores.ts';

export interface AppOptions {
  readonly stores: Stores;
  readonly collectorKey: CollectorKey;
  readonly now?: () => Date;
  /** How people reach it; without it, links and passkeys are made for the address of the request. */
  readonly publicUrl?: string | undefined;
  /** The company's own identity provider, where there is one. */
  readonly singleSignOn?: SingleSignOn | undefined;
  /** By which invitations go out. */
  readonly mailer?: Mailer | undefined;
  /** How alerts can go out; without it neither by e-mail nor to private addresses. */
  readonly alerts?: { readonly mail: boolean; readonly allowPrivateWebhooks: boolean };
  /** Certificate and key in PEM; without them only plain HTTP is spoken. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** The file of the certificate people see, for enrollment tokens to name; none where plain HTTP is spoken. */
  readonly certificateFile?: string | undefined;
  readonly logLevel?: string;
  /** Figures for whoever has the token; without it there are none. */
  readonly metrics?:
    | {
        readonly token: string;
        readonly dataFolder: string;
        certificateEndsAt(): Date | undefined;
      }
    | undefined;
  /** Room left for what is to be kept, in bytes; unlimited where it is not said. */
  readonly free?: () => Promise<number>;
  /** Addresses and networks whose word on who asks is believed. */
  readonly trustedProxies?: readonly string[];
  /** Reports on their way at once before new ones are asked to come back. */
  readonly maxReportsUnderway?: number;
  /** Where releases of the agent lie, in `updates/`; none are offered without it. */
  readonly dataFolder?: string;
  /** Where log lines go instead of to stdout. */
  readonly logTo?: { write(line: string): void };
}

/** The collector's whole HTTP side. It never listens by itself. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { stores, collectorKey, tls, logLevel = 'info', logTo } = options;
  const now = options.now ?? (() => new Date());
  const logger = logTo === undefined ? pino(logOptions(logLevel)) : pino(logOptions(logLevel), logTo);
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    return503OnClosing: true,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    ...(tls !== undefined && { https: { ...tls, minVersion: 'TLSv1.2' as const } }),
  } as object).withTypeProvider<ZodTypeProvider>() as unknown as FastifyInstance;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app);

  await describeApi(app);
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: tls === undefined ? false : { maxAge: 31_536_000 },
    referrerPolicy: { policy: 'no-referrer' },
  });
  // What programs fetch is never shown as a page; saying so is enough, and reports come by the thousand.
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('x-content-type-options', 'nosniff');
    else await reply.helmet();
  });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: 16 * 1024 });
  await app.register(rateLimit, { global: false });
  guardCallers(app, stores, now);
  if (options.metrics !== undefined) measureOperation(app, { stores, now, ...options.metrics });

  await app.register(healthRoutes, {
    stores,
    free: options.free ?? (() => Promise.resolve(Number.POSITIVE_INFINITY)),
  });
  await app.register(agentRoutes, { stores, collectorKey, now, maxUnderway: options.maxReportsUnderway });
  const trials = whatIfTrials(stores, now, app.log);
  app.addHook('onClose', async () => trials.stop());
  const { publicUrl, singleSignOn, mailer } = options;
  const shared = {
    stores,
    now,
    collectorKey,
    trials,
    access: accessOf({ stores, collectorKey, publicUrl, singleSignOn, mailer }),
    alerts: options.alerts ?? { mail: false, allowPrivateWebhooks: false },
  };
  const { certificateFile } = options;
  await app.register(apiRoutes, {
    ...shared,
    enrollmentToken: (request, given, actor, at) =>
      issueToken(
        stores,
        {
          publicUrl: shared.access.origin(request),
          tls: certificateFile === undefined ? undefined : { cert: certificateFile },
        },
        given,
        at,
        actor,
      ),
  });
  if (options.dataFolder !== undefined) await app.register(updateRoutes, { dataFolder: options.dataFolder });
  await app.register(pageRoutes, shared);
  return app;
}

/** Every error becomes RFC 9457 problem details that repeat nothing of what was sent. */
function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.type === 'internal') {
      request.log.error({ err: error, req: request }, 'request failed');
    } else {
      request.log.info({ req: request, problem: problem.type }, 'request refused');
    }
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
    return reply.code(problem.status).type(problemMediaType).serializer(JSON.stringify).send(problem.body());
  });
  app.setNotFoundHandler((request, reply) =>
    wantsPage(request)
      ? sendNotFound(reply)
      : reply
          .code(404)
          .type(problemMediaType)
          .serializer(JSON.stringify)
          .send(new HttpProblem('not-found').body()),
  );
}

function problemOf(error: FastifyError): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new HttpProblem('too-large');
  if (error.statusCode === 429) return new HttpProblem('too-many-requests');
  if (error.statusCode === 503 || isUnavailable(error)) return new HttpProblem('overloaded', {}, 30);
  if (isRefusedText(error)) return new HttpProblem('invalid-request');
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new HttpProblem('invalid-request');
  }
  return new HttpProblem('internal');
}
