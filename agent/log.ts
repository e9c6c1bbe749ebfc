import type { Logger } from 'pino';
import { UsageError } from './arguments.ts';

export type { Logger } from 'pino';

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names of fields that never reach a log, wherever they stand in what is logged. */
const secret = ['token', 'code', 'secret', 'authorization', 'jws', 'body', 'facts', 'privateKey', 'password'];

/**
 * A log on stderr, one JSON object a line. Messages are constant text; values go in fields, and the fields above are
 * removed. An error is its name and message, never its stack or what hangs on it.
 */
export async function openLog(
  level: LogLevel,
  destination: number | NodeJS.WritableStream = 2,
): Promise<Logger> {
  const { default: pino } = await import('pino');
  const stream =
    typeof destination === 'number' ? pino.destination({ dest: destination, sync: true }) : destination;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
      serializers: {
        error: (error: unknown) =>
          error instanceof Error
            ? { name: error.name, message: error.message.slice(0, 300) }
            : { name: 'unknown' },
      },
    },
    stream,
  );
}

/** The level a person asked for, else the given one. Throws UsageError. */
export function chosenLogLevel(name: string | undefined, otherwise: LogLevel): LogLevel {
  if (name === undefined) return otherwise;
  const level = logLevels.find((known) => known === name);
  if (level === undefined) throw new UsageError(`--log-level is one of ${logLevels.join(', ')}`);
  return level;
}
