import type { FastifyPluginAsync } from 'fastify';
import { assets } from '../../pages/assets.ts';

/** Styles, scripts and the icon, under names that change with what is in them. */
export const assetRoutes: FastifyPluginAsync = async (app) => {
  for (const { address, type, body } of assets) {
    app.get(address, { config: { caller: 'public' }, schema: { hide: true } }, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(body),
    );
  }
};
