import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { SourceError } from '../../agent/probe.ts';
import { runCommand } from '../../agent/sources/exec.ts';
import { liveWindows } from '../../agent/sources/live-windows.ts';
import { powershellSource } from '../../agent/sources/powershell.ts';
import { win32Source } from '../../agent/sources/win32/index.ts';
import { loadNative } from '../../agent/sources/win32/native.ts';
import { registerService } from '../../agent/sources/win32/service-registration.ts';
import { isElevated, personAtScreen, windowsSources } from '../../agent/sources/windows.ts';
import { agentService } from '../../agent/windows/agent-service.ts';

/** Runs on Windows: makes the reads that a file lists (door and arguments each) and writes down what came of them. */
type Asked = readonly [door: string, ...args: unknown[]];

const [listPath = '', resultPath = ''] = process.argv.slice(2);
const sources = windowsSources({ runCommand, osVersion: '10.0.19043' });

/** The libraries that stand-in.c takes the place of. */
const standIns = [
  'netapi32',
  'powrprof',
  'tbs',
  'wscapi',
  'mdmregistration',
  'wevtapi',
  'wlanapi',
  'wtsapi32',
];
const standInPath = 'Z:\\muster\\stand-in.dll';

/** The program of stand-in-powershell.c, killed after three seconds; `hang` when it is to say nothing any more at some point. */
function standInShell(mode: 'hang' | '') {
  return powershellSource({
    osVersion: '10.0.26200',
    systemDirectory: async () => 'Z:\\muster',
    runCommand: (argv, options) =>
      runCommand(argv, {
        ...options,
        timeoutMs: 3_000,
        env: { ...options?.env, MUSTER_STAND_IN: mode },
      }),
  });
}
const answeringShell = standInShell('');
const hangingShell = standInShell('hang');

const servers: Server[] = [];

/** Opens a port for the reads that follow: Wine only knows of sockets of its own programs. */
function listen(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    servers.push(server);
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

const doors: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> = {
  async registry(key: string) {
    const { values, subkeys } = await sources.registry(key);
    return { values, subkeys };
  },
  win32: sources.win32,
  standIn: win32Source(() =>
    loadNative(Object.fromEntries(standIns.map((library) => [library, standInPath]))),
  ),
  /** The agent's service, told to a service manager that stands in for Windows': what that one did not take. */
  standInService: async () =>
    registerService(await loadNative({ advapi32: standInPath }), agentService('C:\\Program Files\\Muster')),
  wmi: sources.wmi,
  powershell: sources.powershell,
  standInPowershell: answeringShell.powershell,
  standInWmi: answeringShell.wmi,
  hangingPowershell: hangingShell.powershell,
  expand: sources.expand,
  command: async (...argv: [string, ...string[]]) => (await liveWindows()).command(argv),
  async setEnvironment(name: string, value: string) {
    process.env[name] = value;
  },
  listen,
  personAtScreen,
  isElevated,
};

async function read([door, ...args]: Asked): Promise<unknown> {
  try {
    return { result: await doors[door]?.(...(args as never[])) };
  } catch (error) {
    return { error: error instanceof SourceError ? error.code : `threw ${error}` };
  }
}

const results: unknown[] = [];
for (const asked of JSON.parse(readFileSync(listPath, 'utf8')) as Asked[]) results.push(await read(asked));
writeFileSync(resultPath, JSON.stringify(results));
for (const server of servers) server.close();
