import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type AppOptions, buildApp } from '../../server/app.ts';
import { createCollectorKey, readCollectorKey } from '../../server/signing/collector-key.ts';
import type { Organization } from '../../server/storage/organizations.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { basePolicy } from '../../shared/policy.ts';
import { newDatabase } from '../databases/database.ts';
import { SampleDevice } from './sample-device.ts';

/** A real collector on a real socket with a real database file. */
export interface SampleCollector {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly folder: string;
  /** What DATABASE_URL would say. */
  readonly address: string;
  /** Cuts the collector off from its database for a moment. */
  cut(): Promise<void>;
  readonly stores: Stores;
  readonly organization: Organization;
  /** Everything it logged. */
  readonly log: string[];
  clock: () => Date;
  /** A one-time enrollment code. */
  code(organization?: Organization): Promise<string>;
  /** A device that is enrolled. */
  device(organization?: Organization): Promise<SampleDevice>;
  close(): Promise<void>;
}

/** `more` is what this collector is given beside the usual. */
export async function startCollector(
  more: Pick<AppOptions, 'singleSignOn' | 'mailer'> = {},
): Promise<SampleCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-collector-'));
  createCollectorKey(folder);
  const database = await newDatabase(folder);
  const stores = await openStores(database.address, folder);
  const organization = await stores.organizations.create(
    { name: 'Acme', contact: 'it@acme.example', policy: basePolicy() },
    'console',
    new Date(),
  );
  const log: string[] = [];
  const collector = { clock: () => new Date() };
  const app = await buildApp({
    ...more,
    stores,
    collectorKey: readCollectorKey(folder),
    now: () => collector.clock(),
    logLevel: 'debug',
    logTo: { write: (line) => log.push(line) },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const code = (of: Organization = organization) =>
    stores.enrollments.create(
      { organization: of.number, owner: 'company', expiresAt: new Date(Date.now() + 3_600_000) },
      'console',
      new Date(),
    );
  return Object.assign(collector, {
    app,
    url,
    folder,
    address: database.address,
    cut: database.cut,
    stores,
    organization,
    log,
    code,
    async device(of?: Organization) {
      const device = new SampleDevice();
      const response = await device.enroll(url, await code(of));
      if (response.status !== 201)
        throw new Error(`not enrolled: ${response.status} ${await response.text()}`);
      return device;
    },
    async close() {
      await app.close();
      await stores.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
