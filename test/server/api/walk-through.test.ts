import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../access/routes.ts';
import { post, sampleFacts } from '../sample-device.ts';

const isHere = (program: string) => spawnSync(program, ['--version']).status === 0;
const canRun = ['bash', 'curl', 'jq'].every(isHere);
if (!canRun) console.warn('bash, curl or jq is not installed: the lines of docs/api.md are not run.');

let house: House;
let folder: string;

beforeAll(async () => {
  house = await openHouse();
  folder = mkdtempSync(join(tmpdir(), 'muster-api-'));
  for (let more = 0; more < 3; more += 1) {
    const device = await house.collector.device();
    await post(house.collector.url, device.full(sampleFacts('off')));
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await house.collector.close();
});

test.runIf(canRun)(
  'the lines of docs/api.md do what they say',
  async () => {
    const document = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
    const [, lines = ''] = /```sh\n([\s\S]*?)```/.exec(document) ?? [];
    const { collector, askers } = house;
    const { authorization = '' } = askers.find(({ name }) => name === 'token')?.headers ?? {};
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', lines], {
      cwd: folder,
      timeout: 60_000,
      env: {
        ...process.env,
        MUSTER: collector.url,
        ORGANIZATION: collector.organization.id,
        TOKEN: authorization.replace('Bearer ', ''),
      },
    });
    expect(stdout).toMatch(/"failing": 3/);
    expect(stdout.match(/^D-\w{8} fails .*firewall/gm)).toHaveLength(3);
    const since = stdout.match(/^D-\w{8} since 20/gm) ?? [];
    expect(new Set(since).size).toBe(3);
    expect(stdout).toMatch(/^waiting, asked for by token:/m);
    expect(stdout).toMatch(/^urn:muster:problem:not-allowed$/m);
    expect(stdout).toMatch(/^draft \d+$/m);
    expect(stdout).toMatch(/"state": "finished",\s+"judged": 3/);
    expect(await collector.stores.waivers.waitingCount(collector.organization.number)).toBe(1);
    expect(readFileSync(join(folder, 'findings.csv'), 'utf8').split('\r\n').length).toBeGreaterThan(3);
  },
  90_000,
);
