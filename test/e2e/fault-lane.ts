import { openStores, type Stores } from '../../server/storage/stores.ts';
import { formatToken } from '../../shared/api.ts';
import { certificateOne } from '../agent/sync/certificates.ts';
import { pinOf } from '../agent/sync/fake-collector.ts';
import { CollectorProcess } from '../server/collector-process.ts';
import { FaultProxy } from './fault-proxy.ts';
import { SmallDisk } from './small-disk.ts';

/** A collector process on a disk that can fill up, and before it the place where TLS ends and where things go wrong. */
export class FaultLane {
  readonly agentDisk: SmallDisk;
  readonly collectorDisk: SmallDisk;
  readonly proxy: FaultProxy;
  readonly stores: Stores;
  readonly #collector: CollectorProcess;
  #restart: Promise<void> | undefined;

  private constructor(
    parts: Pick<FaultLane, 'agentDisk' | 'collectorDisk' | 'proxy' | 'stores'>,
    collector: CollectorProcess,
  ) {
    this.agentDisk = parts.agentDisk;
    this.collectorDisk = parts.collectorDisk;
    this.proxy = parts.proxy;
    this.stores = parts.stores;
    this.#collector = collector;
  }

  static async start(): Promise<FaultLane> {
    const agentDisk = new SmallDisk(8);
    // With less than 64 MiB to spare a collector is not ready.
    const collectorDisk = new SmallDisk(128);
    const collector = await CollectorProcess.at(collectorDisk.path, { LOG_LEVEL: 'silent' });
    const done = await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
    if (done.code !== 0) throw new Error(`no collector: ${done.stderr}`);
    await collector.serve().catch(async (error: unknown) => {
      await collector.end('SIGKILL');
      throw error;
    });
    const proxy = await FaultProxy.start(collector.url, certificateOne);
    const stores = await openStores(`sqlite:${collectorDisk.path}/collector.db`);
    return new FaultLane({ agentDisk, collectorDisk, proxy, stores }, collector);
  }

  /** A token for the collector behind the proxy, by the certificate that the proxy shows when all is well. */
  async token(): Promise<string> {
    const [organization] = await this.stores.organizations.all();
    const expiresAt = new Date(Date.now() + 3_600_000);
    const given = { organization: organization?.number ?? 0, owner: 'company' as const, expiresAt };
    return formatToken({
      url: this.proxy.url,
      code: await this.stores.enrollments.create(given, 'console', new Date()),
      expiresAt: expiresAt.toISOString(),
      pin: pinOf(certificateOne.cert),
    });
  }

  /** kill -9 of the collector; it begins to come back at once. */
  kill(): void {
    this.#restart ??= this.#collector.end('SIGKILL').then(() => this.#collector.serve());
  }

  /** Nothing is wrong from here on, and the collector answers. */
  async heal(): Promise<void> {
    this.proxy.next = () => 'none';
    this.proxy.offline = false;
    this.proxy.show(undefined);
    this.agentDisk.empty();
    this.collectorDisk.empty();
    await this.#restart;
    this.#restart = undefined;
  }

  async stop(): Promise<void> {
    await this.#restart?.catch(() => {});
    await this.proxy.stop();
    await this.stores.close();
    await this.#collector.end('SIGKILL');
    this.agentDisk.remove();
    this.collectorDisk.remove();
  }
}
