import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deliverDue } from '../../../server/alerts/dispatch.ts';
import { newWebhookKey } from '../../../server/alerts/webhook.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { sealerOf } from '../../../server/signing/sealing.ts';
import { newId } from '../../../server/storage/ids.ts';
import { openStores } from '../../../server/storage/stores.ts';
import { CollectorProcess } from '../collector-process.ts';
import { startHookServer } from './receivers.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-alert-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a collector killed while it sends loses nothing: the next one sends it under the same id', async () => {
  const hook = await startHookServer();
  hook.answer = 'hang';
  const collector = await CollectorProcess.at(folder, { WEBHOOKS_PRIVATE: 'allow' });
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  const stores = await openStores(`sqlite:${join(folder, 'collector.db')}`, folder);
  try {
    const [organization] = await stores.organizations.all();
    if (organization === undefined) throw new Error('nothing was set up');
    const sealer = sealerOf(readCollectorKey(folder));
    const target = await stores.alertSettings.addWebhook(
      organization.number,
      { name: 'Chat', host: '127.0.0.1', format: 'plain' },
      (id) => ({
        url: sealer.seal('webhook-url', id, hook.url),
        secret: sealer.seal('webhook-key', id, newWebhookKey()),
      }),
      'console',
      new Date(),
    );
    const id = newId(new Date());
    const what = { organization: organization.number, channel: 'webhook', target, content: 'test' } as const;
    await stores.deliveries.add({ id, ...what, coversFrom: null }, new Date());
    await collector.serve();
    await expect.poll(() => hook.received.length, { timeout: 15_000 }).toBe(1);
    await collector.end('SIGKILL');
    expect((await stores.deliveries.list(organization.number, 10, 0))[0]).toMatchObject({
      outcome: null,
      attempts: 1,
    });

    hook.answer = 204;
    const outlets = {
      stores,
      sealer,
      mailer: undefined,
      publicUrl: 'https://muster.example',
      allowPrivateWebhooks: true,
    };
    // Whoever took it may still be at it for three minutes.
    expect(await deliverDue(outlets, () => new Date(Date.now() + 60_000))).toBe(0);
    expect(await deliverDue(outlets, () => new Date(Date.now() + 4 * 60_000))).toBe(1);
    expect(hook.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect((await stores.deliveries.list(organization.number, 10, 0))[0]).toMatchObject({
      outcome: 'sent',
      attempts: 2,
    });
  } finally {
    await stores.close();
    await collector.end('SIGKILL');
    await hook.close();
  }
});
