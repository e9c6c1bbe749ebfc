import { timingSafeEqual } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../problem.ts';
import { sha256 } from '../signing/compact-jws.ts';
import type { Stores } from '../storage/stores.ts';
import { version } from '../version.ts';
import { freeBytes } from './disk.ts';

interface Options {
  readonly stores: Stores;
  readonly now: () => Date;
  readonly token: string;
  readonly dataFolder: string;
  /** When the certificate in use ends; undefined where there is none. */
  certificateEndsAt(): Date | undefined;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** One figure in Prometheus' text format. */
function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

/** What a request was about, without telling one organization from another. */
function areaOf(request: FastifyRequest): string {
  const route = request.routeOptions.url ?? '';
  if (route === '/api/v1/reports') return 'reports';
  return route.startsWith('/api/') ? 'api' : 'pages';
}

/**
 * `GET /metrics` for Prometheus and its like, for whoever has the token: how many of what, never whose. Counting starts with the
 * process.
 */
export function measureOperation(app: FastifyInstance, options: Options): void {
  const { stores, now, token, dataFolder } = options;
  const answered = new Map<string, number>();
  const delays = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  app.addHook('onClose', async () => {
    delays.disable();
  });
  app.addHook('onResponse', async (request, reply) => {
    const key = `${areaOf(request)} ${reply.statusCode}`;
    answered.set(key, (answered.get(key) ?? 0) + 1);
  });

  const expected = sha256(`Bearer ${token}`);
  app.get('/metrics', {
    config: { caller: 'metrics-token' },
    schema: { hide: true },
    async handler(request: FastifyRequest, reply: FastifyReply) {
      if (!timingSafeEqual(sha256(request.headers.authorization ?? ''), expected)) {
        throw new HttpProblem('not-signed-in');
      }
      const figures = await stores.operation.figures(now());
      const { user, system } = process.cpuUsage();
      const ends = options.certificateEndsAt();
      const seconds = (nanoseconds: number) => nanoseconds / 1e9;
      const text = [
        family('muster_build_info', 'gauge', 'The version that runs.', [[{ version }, 1]]),
        family(
          'muster_requests_total',
          'counter',
          'Requests answered, by area and status.',
          [...answered].map(([key, count]) => {
            const [area = '', status = ''] = key.split(' ');
            return [{ area, status }, count];
          }),
        ),
        family(
          'muster_devices',
          'gauge',
          'Devices in all organizations, by where they stand.',
          Object.entries(figures.devices).map(([state, count]) => [{ state }, count]),
        ),
        family('muster_devices_due', 'gauge', 'Devices that wait to be judged again.', [[{}, figures.due]]),
        family('muster_database_bytes', 'gauge', 'Size of the database.', [[{}, figures.bytes]]),
        family('muster_disk_free_bytes', 'gauge', 'Room left where the data folder lies.', [
          [{}, await freeBytes(dataFolder)],
        ]),
        ...(ends === undefined
          ? []
          : [
              family('muster_certificate_ends_seconds', 'gauge', 'When the certificate ends, in Unix time.', [
                [{}, ends.getTime() / 1_000],
              ]),
            ]),
        family('muster_event_loop_delay_seconds', 'gauge', 'How long requests wait for their turn.', [
          [{ quantile: '0.5' }, seconds(delays.percentile(50))],
          [{ quantile: '0.99' }, seconds(delays.percentile(99))],
        ]),
        family('process_cpu_seconds_total', 'counter', 'Processor time used.', [[{}, (user + system) / 1e6]]),
        family('process_resident_memory_bytes', 'gauge', 'Memory in use.', [[{}, process.memoryUsage.rss()]]),
        family('process_start_time_seconds', 'gauge', 'When the process started, in Unix time.', [
          [{}, Math.round(Date.now() / 1_000 - process.uptime())],
        ]),
      ].join('');
      delays.reset();
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    },
  });
}
