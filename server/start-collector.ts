import type { Server } from 'node:https';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { singleSignOn } from './access/single-sign-on.ts';
import { openMailer } from './alerts/mail.ts';
import { startAlerts } from './alerts/run.ts';
import { buildApp } from './app.ts';
import { type Configuration, ConfigurationError, isLoopback } from './configuration.ts';
import { startReview } from './ingest/review-due.ts';
import { freeBytes } from './operation/disk.ts';
import { readTls, watchTls } from './operation/tls-files.ts';
import { readCollectorKey } from './signing/collector-key.ts';
import { sealerOf } from './signing/sealing.ts';
import { sqlitePath } from './storage/address.ts';
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
  const { dataFolder, metricsToken } = configuration;
  const collectorKey = readCollectorKey(dataFolder);
  const pair = tls && readTls(tls);
  const stores = await openConfigured(configuration);
  const mailer = configuration.mail && openMailer(configuration.mail);
  let app: FastifyInstance | undefined;
  let watching: ReturnType<typeof watchTls> | undefined;
  try {
    app = await buildApp({
      stores,
      collectorKey,
      dataFolder,
      logLevel,
      tls: pair,
      certificateFile: tls?.cert,
      trustedProxies: configuration.trustedProxies,
      free: () => freeBytes(dirname(sqlitePath(configuration.databaseUrl) ?? `${dataFolder}/.`)),
      metrics:
        metricsToken === undefined
          ? undefined
          : {
              token: metricsToken,
              dataFolder,
              certificateEndsAt: () => watching?.endsAt(),
            },
      // A port of 0 becomes one only now: then the request says where it came to.
      publicUrl: configuration.publicUrl.endsWith(':0') ? undefined : configuration.publicUrl,
      alerts: {
        mail: configuration.mail !== undefined,
        allowPrivateWebhooks: configuration.allowPrivateWebhooks,
      },
      mailer,
      singleSignOn: configuration.singleSignOn && singleSignOn(configuration.singleSignOn),
    });
    await app.listen({ host, port });
  } catch (error) {
    await app?.close();
    await stores.close();
    throw error;
  }
  const running = app;
  watching = tls && pair && watchTls(tls, pair, running.server as unknown as Server, running.log);
  const review = startReview(stores, () => new Date(), running.log);
  const address = running.server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  const alerts = startAlerts(
    {
      stores,
      sealer: sealerOf(collectorKey),
      mailer,
      publicUrl: configuration.publicUrl.replace(/:0$/, `:${boundPort}`),
      allowPrivateWebhooks: configuration.allowPrivateWebhooks,
    },
    () => new Date(),
    running.log,
  );
  return {
    app: running,
    stores,
    port: boundPort,
    async stop() {
      watching?.stop();
      await alerts.stop();
      await review.stop();
      await running.close();
      await stores.close();
    },
  };
}
