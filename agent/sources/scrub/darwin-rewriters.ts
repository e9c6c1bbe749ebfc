import { runningProduct } from '../../readings/darwin/installed-apps.ts';
import { linesOf } from '../../readings/darwin/lines.ts';
import { parseConsoleUser } from '../../readings/darwin/person.ts';
import { parseSecurityInfo } from '../../readings/darwin/security-info.ts';
import { type MacNames, redacted } from './darwin-names.ts';

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
export type Kept = Pick<Output, 'stdout' | 'stderr'>;
export type Rewrite = (output: Output, names: MacNames) => Kept;

export const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Lines that have one of the known forms, on the stream they were on; every other line is dropped. */
export const lines =
  (...forms: readonly RegExp[]): Rewrite =>
  ({ stdout, stderr }) => {
    const keep = (all: string) =>
      text(linesOf(all).filter((line) => forms.some((form) => form.exec(line)?.[0] === line)));
    return { stdout: keep(stdout), stderr: keep(stderr) };
  };

/** Lines of a known form; one of no known form stays as a mark that something else was said. */
export const linesAndMarks =
  (...forms: readonly RegExp[]): Rewrite =>
  ({ stdout }) => ({
    stdout: text(
      linesOf(stdout).map((line) => (forms.some((form) => form.exec(line)?.[0] === line) ? line : redacted)),
    ),
    stderr: '',
  });

/** launchd's word on one service: whether there is one, and what it does. */
export const service: Rewrite = ({ stdout, stderr, exitCode }) => {
  const missing = /^Could not find service "([\w.]+)" in domain for system$/m.exec(
    `${stderr}\n${stdout}`,
  )?.[1];
  if (exitCode !== 0)
    return {
      stdout: '',
      stderr: missing ? `Could not find service "${missing}" in domain for system\n` : '',
    };
  const all = linesOf(stdout);
  const kept = [/^system\/[\w.]+ = \{$/, /^\tstate = [a-z ]+$/].flatMap(
    (form) => all.find((line) => form.test(line)) ?? [],
  );
  return { stdout: text([...kept, '}']), stderr: '' };
};

const addressKept = (address: string) =>
  /^(?:\*|127\.\d+\.\d+\.\d+|::1|localhost|\[::1\])$/.test(address) ? address : redacted;

export function consoleUser({ stdout }: Output, names: MacNames): Kept {
  if (/^\s*No such key\s*$/m.test(stdout)) return { stdout: '  No such key\n', stderr: '' };
  // The outer name is another person's at times; only the sessions count.
  const sessions = [...stdout.matchAll(/^\s*\d+ : <dictionary> \{\n([^}]*)\}/gm)].map(
    ([, body = '']) => body,
  );
  const field = (body: string, key: string) => new RegExp(`^\\s*${key} : (.*)$`, 'm').exec(body)?.[1]?.trim();
  const kept = sessions.map((body, index) => {
    const name = field(body, 'kCGSSessionUserNameKey');
    const entries = [
      ['kCGSSessionOnConsoleKey', /^(?:TRUE|FALSE)$/.exec(field(body, 'kCGSSessionOnConsoleKey') ?? '')?.[0]],
      ['kCGSSessionUserIDKey', /^-?\d{1,10}$/.exec(field(body, 'kCGSSessionUserIDKey') ?? '')?.[0]],
      ['kCGSSessionUserNameKey', name === undefined ? undefined : names.account(name)],
    ].filter(([, value]) => value !== undefined);
    const inner = entries.map(([key, value]) => `      ${key} : ${value}`);
    return [`    ${index} : <dictionary> {`, ...inner, '    }'];
  });
  const rewritten = text(['<dictionary> {', '  SessionInfo : <array> {', ...kept.flat(), '  }', '}']);
  // What was no answer stays none.
  parseConsoleUser(stdout);
  return { stdout: rewritten, stderr: '' };
}

const securityKeys = [
  'AuthenticatedRootVolumeEnabled',
  'FDE_HasInstitutionalRecoveryKey',
  'FDE_HasPersonalRecoveryKey',
  'RemoteDesktopEnabled',
  'SystemIntegrityProtectionEnabled',
];
const managementKeys = ['EnrolledViaDEP', 'IsUserEnrollment', 'UserApprovedEnrollment'];

export function securityInfo({ stdout }: Output): Kept {
  const values = parseSecurityInfo(stdout);
  const row = (path: string, key: string, indent: string) => {
    const value = values.get(`SecurityInfo/${path}${key}`);
    return value === '0' || value === '1' ? [`${indent}${key} = ${value};`] : [];
  };
  const management = managementKeys.flatMap((key) => row('ManagementStatus/', key, '            '));
  return {
    stdout: text([
      'Daemon response: {',
      '    SecurityInfo =     {',
      ...securityKeys.flatMap((key) => row('', key, '        ')),
      ...(management.length > 0 ? ['        ManagementStatus =         {', ...management, '        };'] : []),
      '    };',
      '}',
    ]),
    stderr: '',
  };
}

export function hints({ stdout }: Output, names: MacNames): Kept {
  const kept = linesOf(stdout).flatMap((line) => {
    const [, name = '', hint] = /^(\S+)(\s+\S.*)?$/.exec(line) ?? [];
    const account = names.account(name);
    return account === redacted ? [] : [hint === undefined ? account : `${account} ${redacted}`];
  });
  return { stdout: text(kept), stderr: '' };
}

/** A rule: its tags and whether it is for ALL; commands and other accounts are nobody's business. */
function sudoRule(line: string): string {
  const words = /^\s*(\([^()]*\))\s+(.*)$/.exec(line);
  if (words === null) return `    ${redacted}`;
  const commands = (words[2] ?? '').split(/,\s*/).map((item) => {
    const tags = /^(?:(?:NO)?[A-Z_]+:\s*)*/.exec(item)?.[0] ?? '';
    const known =
      /^(?:(?:NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|NOLOG_INPUT|LOG_INPUT|NOLOG_OUTPUT|LOG_OUTPUT|FOLLOW|NOFOLLOW|MAIL|NOMAIL|INTERCEPT|NOINTERCEPT):\s*)*$/;
    return `${known.test(tags) ? tags : ''}${item.slice(tags.length).trim() === 'ALL' ? 'ALL' : redacted}`;
  });
  const runAs = /^\(ALL(?: : ALL)?\)$/.test(words[1] ?? '') ? words[1] : `(${redacted})`;
  return `    ${runAs} ${commands.join(', ')}`;
}

export function sudo({ stdout, stderr }: Output): Kept {
  const all = (stdout.trim() === '' ? stderr : stdout).replace(/\n {5,}(?=\S)/g, ' ').split(/\r?\n/);
  const head = all.findIndex((line) => /^User \S+ may run the following commands on .*:$/.test(line));
  const before = all.slice(0, head < 0 ? all.length : head).join('\n');
  const silent = /(?:^|[\s,])!authenticate(?:$|[\s,])/m.test(before);
  const defaults = [
    `Matching Defaults entries for user on ${redacted}:`,
    silent ? '    !authenticate' : `    ${redacted}`,
    '',
  ];
  if (head >= 0) {
    const rules = all
      .slice(head + 1)
      .filter((line) => line.trim() !== '')
      .map(sudoRule);
    return {
      stdout: text([...defaults, `User user may run the following commands on ${redacted}:`, ...rules]),
      stderr: '',
    };
  }
  const refused = all.some((line) => /^User \S+ is not allowed to run sudo on .*\.$/.test(line));
  if (!refused) return { stdout: '', stderr: '' };
  return {
    stdout: text([...(silent ? defaults : []), `User user is not allowed to run sudo on ${redacted}.`]),
    stderr: '',
  };
}

export const rowsOf = ['com.openssh.sshd', 'com.apple.screensharing', 'com.apple.smbd', 'com.apple.AEServer'];

export function disabledServices({ stdout }: Output): Kept {
  const all = linesOf(stdout).map((line) => line.trim());
  const start = all.indexOf('disabled services = {');
  const end = all.indexOf('}', start);
  if (start < 0 || end < 0) return { stdout: '', stderr: '' };
  const rows = all
    .slice(start + 1, end)
    .filter((line) =>
      rowsOf.some((label) => new RegExp(`^"${label}" => (?:enabled|disabled|true|false)$`).test(line)),
    );
  return { stdout: text(['disabled services = {', ...rows.map((row) => `\t${row}`), '}']), stderr: '' };
}

const watchedPorts = new Set(['22', '445', '3031', '3283', '5900']);

export function openPorts({ stdout }: Output): Kept {
  const head = 'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)';
  if (!/^Proto\s+Recv-Q/m.test(stdout)) return { stdout: '', stderr: '' };
  const rows = linesOf(stdout).flatMap((line) => {
    const [, protocol, local = ''] = /^(tcp\S*)\s+\d+\s+\d+\s+(\S+)\s+\S+\s+LISTEN\b/.exec(line) ?? [];
    const [, address = '', port = ''] = /^(.*)\.(\d{1,5})$/.exec(local) ?? [];
    return watchedPorts.has(port) ? [`${protocol} 0 0 ${addressKept(address)}.${port} *.* LISTEN`] : [];
  });
  return { stdout: text(['Active Internet connections (including servers)', head, ...rows]), stderr: '' };
}

const programs =
  /^(?:launchd|sshd(?:-session|-auth)?|screensharingd|ARDAgent|com\.docker\.\w{1,20}|VBoxHeadless|limactl|qemu[\w-]{0,20}|ssh)$/;

export function holders({ stdout }: Output): Kept {
  let number = 0;
  const kept = linesOf(stdout).flatMap((line) => {
    if (line.startsWith('p')) return [`p${++number}`];
    if (line.startsWith('c')) return [`c${programs.test(line.slice(1)) ? line.slice(1) : 'other'}`];
    const [, address, port] = /^n(.*):(\d{1,5})$/.exec(line) ?? [];
    return address === undefined ? [] : [`n${addressKept(address)}:${port}`];
  });
  return { stdout: text(kept), stderr: '' };
}

const portName =
  /^(?:Wi-Fi|Ethernet(?: (?:Adapter|Adaptor|Slot) ?\(?[\w, ]{0,12}\)?)?|Thunderbolt [A-Z][a-z]+|Thunderbolt \d|Bluetooth PAN|USB 10\/100(?:\/1000)?(?:\/2\.5G)? LAN|iPhone USB)$/;

export function hardwarePorts({ stdout }: Output): Kept {
  const ports = [...stdout.matchAll(/^Hardware Port: (.+?)\r?\nDevice: ([a-z]+\d{0,3})\r?$/gm)];
  const kept = ports.flatMap(([, name = '', device = '']) => [
    '',
    `Hardware Port: ${portName.test(name) ? name : redacted}`,
    `Device: ${device}`,
  ]);
  return { stdout: ports.length === 0 ? '' : text([...kept, '', 'VLAN Configurations']), stderr: '' };
}

/** What runs, as far as the catalogue knows it; every Mac runs launchd, so that the list is never empty. */
export function running({ stdout }: Output): Kept {
  const kinds = ['sync', 'backup'] as const;
  const apps = linesOf(stdout)
    .filter((path) => kinds.some((kind) => runningProduct(kind, path) !== undefined))
    .map((path) => /\/Applications\/(?:[^/]+\/)?([^/]+)\.app\//.exec(path)?.[1] ?? '');
  const bare = linesOf(stdout).flatMap((path) => /(?:^|\/)(syncthing|rslsync|rclone)$/.exec(path)?.[1] ?? []);
  const known = [...new Set(apps)].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  return {
    stdout: text(['/sbin/launchd', ...known, ...[...new Set(bare)].map((name) => `/usr/local/bin/${name}`)]),
    stderr: '',
  };
}

export function latestBackup({ stdout, stderr }: Output): Kept {
  const said = [
    [/requires Full Disk Access/i, 'tmutil: latestbackup requires Full Disk Access privileges.'],
    [/Failed to mount/i, 'Failed to mount backup destination'],
    [/Failed to find any backups/i, 'Failed to find any backups.'],
  ] as const;
  const errors = said.filter(([form]) => form.test(`${stdout}\n${stderr}`)).map(([, line]) => line);
  const dates = linesOf(stdout).flatMap(
    (line) => /\/(\d{4}-\d\d-\d\d-\d{6}(?:\.backup)?)\/?$/.exec(line)?.[1] ?? [],
  );
  return { stdout: text(dates.map((date) => `/Volumes/${redacted}/${date}`)), stderr: text(errors) };
}

export const word =
  (form: RegExp) =>
  (output: Output): Kept => ({
    stdout: `${form.exec(output.stdout)?.[0] ?? ''}`,
    stderr: '',
  });

/** `pmset -g custom`: the heads of its sections and the two times. */
export const energy = lines(/^(?:Battery|AC|UPS) Power:$/, /^\s+(?:display)?sleep\s+-?\d{1,10}$/);
