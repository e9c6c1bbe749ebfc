import { expect, test } from 'vitest';
import { notEnrolled } from '../../../agent/sync/not-enrolled.ts';
import { runAgent, temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from './fake-collector.ts';

test('a machine that its administrator enrolled is not called unenrolled to the person who uses it', async () => {
  using service = temporaryDirectory();
  using own = temporaryDirectory();
  const collector = await FakeCollector.start();
  try {
    const { code } = await runAgent(['--enroll', collector.token(), '--yes'], { MUSTER_STATE: service.path });
    expect(code).toBe(0);
    const error = await notEnrolled(own.path, service.path);
    expect(error.exitCode).toBe(77);
    expect(error.message).toMatch(/enrolled it at Example Ltd.*sudo agent/);
    const nobody = await notEnrolled(own.path, undefined);
    expect(nobody.exitCode).toBe(78);
    expect(nobody.message).toContain('agent --enroll TOKEN');
    expect((await notEnrolled(own.path, own.path)).exitCode).toBe(78);
  } finally {
    await collector.stop();
  }
}, 60_000);
