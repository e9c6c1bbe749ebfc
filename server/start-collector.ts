import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { singleSignOn } from './access/single-sign-on.ts';
import { buildApp } from './app.ts';
import { type Configuration, ConfigurationError, isLoopback } from './configuration.ts';
import { startReview } from './ingest/review-due.ts';
import { readCollectorKey } from './signing/collector-key.ts';
import { openStores, type Stores } from './storage/stores.ts';

/** A collector that listens. */
export interface RunningCollector {
  readonly app: FastifyInstance;
  readonly stores: Stores;
  /** Where it really listens: a port of 0 has become one. */
  readonly port: number;
  /** Answers what is underway, writes what waits, closes the database. */
  stop(): Promise<void>;
}

/** Opens the stores a configuration names. */
export const openConfigured = (configuration: Configuration): Promise<Stores> =>
  openStores(configuration.databaseUrl, configuration.dataFolder);

/** Starts a collector that has been set up. Throws NoCollectorKey, ConfigurationError, or what listening threw. */
export async function startCollector(configuration: Configuration): Promise<RunningCollector> {
  const { host, port, tls, logLevel } = configuration;
  if (tls === undefined && !isLoopback(host)) {
    throw new ConfigurationError('plain HTTP is spoken on loopback only: set TLS_CERT and TLS_KEY');
  }
  const collectorKey = readCollectorKey(configuration.dataFolder);
  const stores = await openConfigured(configuration);
  let app: FastifyInstance | undefined;
  try {
    app = await buildApp({
      stores,
      collectorKey,
      logLevel,
      tls: tls && readTls(tls),
      // A port of 0 becomes one only now: then the request says where it came to.
      publicUrl: configuration.publicUrl.endsWith(':0') ? undefined : configuration.publicUrl,
      singleSignOn: configuration.singleSignOn && singleSignOn(configuration.singleSignOn),
    });
    await app.listen({ host, port });
  } catch (error) {
    await app?.close();
    await stores.close();
    throw error;
  }
  const running = app;
  const review = startReview(stores, () => new Date(), running.log);
  const address = running.server.address();
  return {
    app: running,
    stores,
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      await review.stop();
      await running.close();
      await stores.close();
    },
  };
}

function readTls({ cert, key }: { cert: string; key: string }): { cert: Buffer; key: Buffer } {
  try {
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } catch (error) {
    const { path = '' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `the certificate or its key cannot be read (${path}); collector setup makes one`,
    );
  }
}
