import type { FastifyRequest } from 'fastify';
import { sha256 } from './signing/compact-jws.ts';

/**
 * The rate limit of a route that takes a code instead of an account. Guesses are counted by the address they come from; a code that is
 * good, by itself: a whole office behind one address comes at once. The body must be read for that. In memory, by each process.
 */
export function limitGuesses(given: {
  /** A minute. */
  readonly max: number;
  codeOf(request: FastifyRequest): string | undefined;
  isGood(code: string): Promise<boolean>;
}) {
  const { max, codeOf, isGood } = given;
  return {
    rateLimit: {
      max,
      timeWindow: 60_000,
      hook: 'preHandler' as const,
      async keyGenerator(request: FastifyRequest): Promise<string> {
        const code = codeOf(request);
        return code !== undefined && (await isGood(code))
          ? `code ${sha256(code).toString('base64url')}`
          : `address ${request.ip}`;
      },
    },
  };
}
