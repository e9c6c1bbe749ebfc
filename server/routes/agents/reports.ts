import { gunzipSync } from 'node:zlib';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ReportReceipt } from '../../../shared/api.ts';
import { maxReportBytes, reportMediaType } from '../../../shared/report.ts';
import { groupCommit } from '../../ingest/group-commit.ts';
import { reportReceiver } from '../../ingest/receive.ts';
import { shortTurns } from '../../ingest/short-turns.ts';
import { HttpProblem } from '../../problem.ts';
import type { Outcome, VerifiedReport } from '../../storage/ingest.ts';
import type { Stores } from '../../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  readonly now: () => Date;
  /** More reports than this on their way at once, and new ones are asked to come back: memory must not grow with the load. */
  readonly maxUnderway?: number | undefined;
}

/** Where agents hand in reports. */
export const reportRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { stores, now, maxUnderway = 2_000 },
) => {
  const receive = reportReceiver(stores);
  const commits = groupCommit<VerifiedReport, Outcome>({ keep: (group) => stores.ingest.keep(group) });
  const turn = shortTurns();
  let underway = 0;

  // A JWS is ASCII: one byte is one letter, and what is not ASCII is no JWS.
  app.addContentTypeParser(
    reportMediaType,
    { parseAs: 'buffer', bodyLimit: maxReportBytes },
    (request, body: Buffer, done) => {
      try {
        done(null, unpacked(body, request.headers['content-encoding']).toString('latin1'));
      } catch (error) {
        done(error instanceof Error ? error : new HttpProblem('invalid-request'));
      }
    },
  );
  app.addHook('onClose', () => commits.drained());

  app.post('/api/v1/reports', {
    config: { caller: 'report' },
    bodyLimit: maxReportBytes,
    // Reports come by the thousand: none has a logger, or an answer checked against the schema, of its own.
    childLoggerFactory: (logger) => logger,
    schema: {
      tags: ['devices'],
      summary: 'Hand in a signed report',
      consumes: [reportMediaType],
      body: z.string(),
      response: { 200: ReportReceipt, 201: ReportReceipt },
    },
    // Before a byte of the body is read.
    async onRequest() {
      if (underway >= maxUnderway) throw overloaded();
    },
    async handler(request, reply) {
      underway += 1;
      try {
        await turn();
        const receivedAt = now();
        const report = await receive(request.body, receivedAt);
        const outcome = await commits.add(report);
        if (outcome.kind === 'kept' || outcome.kind === 'known') {
          return reply
            .code(outcome.kind === 'kept' ? 201 : 200)
            .serializer(JSON.stringify)
            .send({
              sequence: report.report.sequence,
              digest: report.digest.toString('hex'),
              receivedAt: outcome.receivedAt.toISOString(),
              policy: outcome.policy,
            });
        }
        if ('expected' in outcome) {
          throw new HttpProblem(outcome.kind, { expectedSequence: outcome.expected });
        }
        throw new HttpProblem(outcome.kind);
      } finally {
        underway -= 1;
      }
    },
  });
};

/**
 * The report itself. A few kilobytes are unpacked quicker at once than in a stream; what would come out larger than a report may be is
 * refused before there is room for it. Throws HttpProblem.
 */
function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new HttpProblem('invalid-request');
  try {
    return gunzipSync(body, { maxOutputLength: maxReportBytes });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new HttpProblem(tooLarge ? 'too-large' : 'invalid-request');
  }
}

/** Spread over half a minute, so that those turned away do not all come back at once. */
const overloaded = () => new HttpProblem('overloaded', {}, 5 + Math.floor(Math.random() * 25));
