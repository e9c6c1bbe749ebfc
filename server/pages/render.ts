import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A page as it is sent. */
export function renderPage(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}

/**
 * What a page may do, as a Content-Security-Policy: its own styles, its own two scripts, and forms that come back here.
 * Nothing inline, nothing from elsewhere, no frame around it.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
