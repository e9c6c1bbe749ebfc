import type { FastifyReply } from 'fastify';
import type { FunctionComponent } from 'preact';
import { renderPage } from '../../pages/render.ts';
import type { Stores } from '../../storage/stores.ts';

/** What every page route is given. */
export interface PageOptions {
  readonly stores: Stores;
  readonly now: () => Date;
}

/** Sends a page; nothing keeps a copy of it. */
export function sendPage<Props extends object>(
  reply: FastifyReply,
  page: FunctionComponent<Props>,
  props: Props,
): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(renderPage(page, props));
}
