import type { LoggerOptions } from 'pino';

/** What must never be in a log, wherever in an entry it turns up. */
const secrets = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'code',
  'token',
  'csrf',
  'email',
  'body',
  'payload',
];

/**
 * Logs say what happened, never to whom or with what: no addresses, no query strings, no bodies, no tokens. Of an error its kind
 * and its place are logged, not its message, which may repeat what somebody sent.
 */
export function logOptions(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      remove: true,
    },
    serializers: {
      req: (request: { method: string; routeOptions?: { url?: string } }) => ({
        method: request.method,
        route: request.routeOptions?.url ?? '-',
      }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
      err: errorForLog,
      error: errorForLog,
    },
  };
}

function errorForLog(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: 'unknown' };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
  };
}
