import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MediaLog } from '../../../agent/state/media.ts';
import { readWatch } from '../../../agent/state/watch.ts';
import { runAgent, startAgent, temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from '../sync/fake-collector.ts';

const patience = 120_000;

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test(
  'the service looks once when it starts, and says when its watch began and ended',
  async () => {
    using state = temporaryDirectory();
    writeFileSync(join(state.path, 'enrollment.json'), '{}');
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    writeFileSync(
      join(state.path, 'schedule.json'),
      JSON.stringify({
        schema: 'muster.schedule/1',
        lastCheckAt: null,
        nextCheckAt: soon,
        retryAt: null,
        longestMs: 86_400_000,
      }),
    );
    const { child, ended } = startAgent(['--service'], { MUSTER_STATE: state.path });
    const file = join(state.path, 'media.db');
    await until(() => statSync(file, { throwIfNoEntry: false }) !== undefined);
    expect(readWatch(state.path)).toMatchObject({ pid: child.pid, endedAt: null });
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(readWatch(state.path)?.endedAt).toBeInstanceOf(Date);
  },
  patience,
);

test.skipIf(process.platform !== 'linux')(
  'an exposed stick is told in one report, and not again in the next; its identity in none',
  async () => {
    using state = temporaryDirectory();
    const collector = await FakeCollector.start();
    try {
      const env = { MUSTER_STATE: state.path };
      expect((await runAgent(['--enroll', collector.token(), '--yes'], env)).code).toBe(0);
      const since = new Date(Date.now() - 86_400_000);
      writeFileSync(
        join(state.path, 'watch.json'),
        JSON.stringify({
          schema: 'muster.watch/1',
          since,
          startedAt: since,
          endedAt: null,
          pid: process.pid,
        }),
      );
      const log = await MediaLog.open(state.path);
      log.note(
        [{ id: 'SERIAL-CANARY', identified: true, encrypted: false, writable: true }],
        new Date(),
        new Set(),
      );
      const { stick = '', number = '' } = log.days()[0] ?? {};
      log.close();
      const { stdout } = await runAgent(['--note-media', '--verbose'], env);
      expect(stdout).toContain(
        `${new Date().toISOString().slice(0, 10)}  ${number}  not encrypted, writable\n`,
      );
      for (let run = 0; run < 2; run += 1) {
        const { code, stderr } = await runAgent(['--report'], env);
        expect(code, stderr).toBe(0);
      }
      const said = collector.kept.map(({ report }) =>
        'facts' in report ? report.facts['removable-media']?.['unencrypted'] : 'unchanged',
      );
      expect(said).toMatchObject([{ value: { now: 0, days: 1 } }, { value: { now: 0, days: 0 } }]);
      const wire = collector.kept
        .map(({ jws }) => Buffer.from(jws.split('.')[1] ?? '', 'base64url'))
        .join('');
      expect(wire).not.toContain('CANARY');
      expect(wire).not.toContain(stick);
      expect(wire).not.toContain(number);
      expect(readFileSync(join(state.path, 'media.db'), 'latin1')).not.toContain('CANARY');
    } finally {
      await collector.stop();
    }
  },
  patience,
);
