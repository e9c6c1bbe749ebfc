import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** The answer of a route that sends a file: what it is, for the description. */
export const file = (...mediaTypes: readonly string[]) => ({
  description: 'A file',
  content: Object.fromEntries(
    mediaTypes.map((mediaType) => [
      mediaType,
      { schema: z.unknown().meta({ type: 'string', format: 'binary' }) },
    ]),
  ),
});

/** Sends a file; nothing on the way keeps a copy of it. */
export const sendFile = (
  reply: FastifyReply,
  mediaType: string,
  content: Uint8Array | string,
): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .type(mediaType)
    .serializer((payload: unknown) => payload as string)
    .send(typeof content === 'string' ? content : Buffer.from(content));
