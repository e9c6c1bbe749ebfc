import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LogFile, logPath } from '../../../agent/service/log-file.ts';
import { FaultDevice } from '../../e2e/fault-device.ts';
import { buildReplayedAgent } from '../../e2e/replayed-agent/build.ts';
import { temporaryDirectory } from '../run-agent.ts';
import { FakeCollector } from '../sync/fake-collector.ts';

test('a log that is full makes room for the next, and there are never more than a few', () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, 'logs/agent.log');
  const log = new LogFile(path, { maxBytes: 1_000, files: 3 });
  for (let line = 0; line < 500; line += 1) log.write(`line ${line}`);
  log.close();
  const names = readdirSync(join(folder.path, 'logs')).toSorted();
  expect(names).toEqual(['agent.log', 'agent.log.1', 'agent.log.2']);
  for (const name of names) expect(statSync(join(folder.path, 'logs', name)).size).toBeLessThan(1_100);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const lines = names.toReversed().flatMap((name) =>
    readFileSync(join(folder.path, 'logs', name), 'utf8')
      .trim()
      .split('\n'),
  );
  const first = Number(lines[0]?.split(' ')[1]);
  expect(lines, 'no line is lost between two files').toEqual(
    lines.map((_, index) => `line ${first + index}`),
  );
  expect(lines.at(-1)).toBe('line 499');
});

test('what a program wrote before it was killed is there, and the next one goes on below it', () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, 'agent.log');
  for (const word of ['first', 'second']) {
    const log = new LogFile(path);
    const code = `process.stdout.write('${word}\\n', () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', code], { stdio: ['ignore', log.descriptor(), log.descriptor()] });
    log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
});

test('who keeps the log on which system', () => {
  expect(logPath('linux', {})).toBeUndefined();
  expect(logPath('linux', { MUSTER_LOG: '/tmp/x.log' })).toBe('/tmp/x.log');
  if (process.stderr.isTTY || process.geteuid?.() !== 0) return;
  expect(logPath('darwin', {})).toBe('/Library/Logs/Muster/agent.log');
  expect(logPath('win32', { ProgramData: 'D:\\Data' })).toBe('D:\\Data\\Muster\\agent.log');
});

test('the log of a service at its most talkative holds no key, no token, no report and no fact', async () => {
  using folder = temporaryDirectory();
  const collector = await FakeCollector.start();
  const device = new FaultDevice(await buildReplayedAgent(), folder.path, folder.path);
  const token = collector.token();
  expect((await device.start(['--enroll', token, '--yes']).ended).code).toBe(0);
  const path = join(folder.path, 'agent.log');
  // Good answers, refusals and broken connections: whatever is said about each of them.
  let asked = 0;
  collector.fault = (_request, response) => {
    asked += 1;
    if (asked > 4) return false;
    if (asked % 2 === 1) response.socket?.destroy();
    else response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Secret of the gateway</h1>');
    return true;
  };
  const service = device.start(['--service', '--log-level', 'debug'], { interval: '1s', log: path });
  const end = Date.now() + 60_000;
  while (collector.kept.length < 2 && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
  service.child.kill('SIGTERM');
  const { stderr } = await service.ended;
  await collector.stop();
  const text = readFileSync(path, 'utf8') + stderr;
  expect(text).toContain('service started');
  expect(text).toContain('"msg":"not delivered"');
  const secrets = [
    readFileSync(join(device.state, 'device-key'), 'utf8').trim(),
    token.slice(8, 60),
    collector.code,
    ...collector.kept.map(({ jws }) => jws.slice(0, 60)),
    'eyJ',
    'Bearer',
    'Secret of the gateway',
    '"facts"',
    'inbound',
  ];
  for (const secret of secrets) expect(text, secret.slice(0, 8)).not.toContain(secret);
}, 90_000);
