import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../configuration.ts';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Certificate and key in PEM. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are looked at. */
const everyMs = 5_000;

interface Log {
  info(message: string): void;
  error(fields: object, message: string): void;
}

/** Reads certificate and key, which must belong together. Throws ConfigurationError. */
export function readTls(files: TlsFiles): TlsPair {
  let pair: TlsPair;
  try {
    pair = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
  } catch (error) {
    const { path = '' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `the certificate or its key cannot be read (${path}); collector setup makes one`,
    );
  }
  try {
    createSecureContext(pair);
    if (!new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) throw new Error();
  } catch {
    throw new ConfigurationError(`${files.cert} and ${files.key} are no certificate and its key in PEM`);
  }
  return pair;
}

/**
 * Serves new connections with a new certificate as soon as its files are whole; whoever renews it need not restart anything. A pair
 * that cannot be used is logged once, and the one before stays. Until stopped.
 */
export function watchTls(
  files: TlsFiles,
  inUse: TlsPair,
  server: Pick<Server, 'setSecureContext'>,
  log: Log,
  intervalMs = everyMs,
): { stop(): void; endsAt(): Date } {
  let current: Buffer = Buffer.concat([inUse.cert, inUse.key]);
  let used = inUse;
  let seen: Buffer = current;
  let refused: Buffer | undefined;
  const look = () => {
    let text: Buffer;
    try {
      text = Buffer.concat([readFileSync(files.cert), readFileSync(files.key)]);
    } catch (error) {
      if (refused?.length !== 0)
        log.error({ err: error }, 'the certificate cannot be read; the one before stays');
      refused = Buffer.alloc(0);
      return;
    }
    // Two files are never written at once: what is the same twice is no longer being written.
    const settled = text.equals(seen);
    seen = text;
    if (!settled || text.equals(current) || refused?.equals(text) === true) return;
    try {
      used = readTls(files);
      server.setSecureContext({ ...used, minVersion: 'TLSv1.2' });
      current = text;
      refused = undefined;
      log.info('the certificate was renewed');
    } catch (error) {
      refused = text;
      log.error({ err: error }, 'the new certificate cannot be used; the one before stays');
    }
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer), endsAt: () => new X509Certificate(used.cert).validToDate };
}
