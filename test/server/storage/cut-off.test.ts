import { expect, test } from 'vitest';
import { verifyEvidence } from '../../../server/ingest/verify-evidence.ts';
import { onPostgres } from '../../databases/database.ts';
import { startCollector } from '../sample-collector.ts';
import { post, sampleFacts } from '../sample-device.ts';

test.runIf(onPostgres)(
  'a database that cuts every connection costs nothing that was acknowledged, and the collector goes on by itself',
  async () => {
    const collector = await startCollector();
    try {
      const device = await collector.device();
      await post(collector.url, device.full(sampleFacts()));
      let refused = 0;
      let going = true;
      const reporting = (async () => {
        while (going) {
          const jws = device.unchanged();
          for (;;) {
            const { status } = await post(collector.url, jws);
            if (status === 201 || status === 200) break;
            // Too much to do right now: come again. Anything else would set the report aside.
            expect(status).toBe(503);
            refused += 1;
          }
        }
      })();
      for (let cut = 0; cut < 5; cut += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await collector.cut();
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      going = false;
      await reporting;
      expect((await fetch(`${collector.url}/readyz`)).status).toBe(200);
      const { reports, broken } = await verifyEvidence(collector.stores);
      expect({ reports, broken }).toEqual({ reports: device.sequence, broken: [] });
      expect(refused).toBeLessThan(200);
    } finally {
      await collector.close();
    }
  },
  60_000,
);
