import { describe, expect, it } from 'vitest';
import { type CommandResult, SourceError } from '../../../agent/probe.ts';
import { errorCode, parseRows, powershellSource, recordSplitter } from '../../../agent/sources/powershell.ts';
import { queryNames, queryScript, wmiName } from '../../../agent/sources/powershell-script.ts';

const antivirus = [
  'SELECT displayName, productState FROM AntiVirusProduct',
  'root\\SecurityCenter2',
] as const;

describe('the script', () => {
  const script = queryScript('10.0.26200');
  it('asks every documented query once, each in its own try', () => {
    expect(queryNames('10.0.26200')).toEqual(
      expect.arrayContaining([
        'language-mode',
        'bitlocker-status',
        'shell-bitlocker',
        'firewall-profiles',
        'mp-computer-status',
        'windows-update',
      ]),
    );
    for (const name of queryNames('10.0.26200')) {
      expect(script.split(`Write-Answer '${name}'`)).toHaveLength(2);
      expect(script.split(`catch { Write-Failure '${name}'`)).toHaveLength(2);
    }
    expect(script.split('\ntry {')).toHaveLength(queryNames('10.0.26200').length + 1);
    expect(script.split('$r = $null')).toHaveLength(queryNames('10.0.26200').length + 1);
  });
  it('asks about extended support only on the build that has it', () => {
    expect(queryNames('10.0.26200')).not.toContain('wmi-extended-support');
    expect(queryScript('10.0.19045.6456')).toContain("Name LIKE ''%ESU%''");
  });
  it('fits on a Windows command line and is plain ASCII', () => {
    expect(Buffer.from(queryScript('10.0.19045'), 'utf16le').toString('base64').length).toBeLessThan(32_000);
    expect(script).toMatch(/^[\n\x20-\x7e]*$/);
  });
  it('lets what may take long come last', () => {
    expect(queryNames('10.0.26200').slice(-2)).toEqual(['mp-computer-status', 'windows-update']);
  });
  it('never asks for recovery passwords', () => {
    expect(script).not.toMatch(/Get-BitLockerVolume|RecoveryPassword|GetKeyProtectorNumericalPassword/);
  });
  it('knows WMI queries without regard to case and spacing, in their namespace only', () => {
    expect(wmiName(...antivirus)).toBe('wmi-antivirus');
    expect(wmiName('select displayName,\n productState from AntiVirusProduct', 'ROOT\\SECURITYCENTER2')).toBe(
      'wmi-antivirus',
    );
    expect(wmiName(antivirus[0], 'root\\cimv2')).toBeUndefined();
  });
});

describe('splitting the output', () => {
  const text =
    '\uFEFFnoise #< CLIXML\r\n@muster:language-mode:+:{"LanguageMode":"FullLanguage"}@end\r\n' +
    '@muster:wmi-tpm:-:HRESULT 0x80041003,Microsoft.Management@end\r\n@muster:windows-update:+:{"Notif';
  const expected = [
    { name: 'language-mode', ok: true, text: '{"LanguageMode":"FullLanguage"}' },
    { name: 'wmi-tpm', ok: false, text: 'HRESULT 0x80041003,Microsoft.Management' },
  ];
  it('finds whole records only', () => {
    expect(recordSplitter()(text)).toEqual(expected);
  });
  it('whatever the pieces they arrive in', () => {
    for (const size of [1, 2, 3, 7, 50]) {
      const split = recordSplitter();
      const records = [];
      for (let at = 0; at < text.length; at += size) records.push(...split(text.slice(at, at + size)));
      expect(records).toEqual(expected);
    }
  });
  it('joins a record that a narrow console broke, and passes over half of one before a whole one', () => {
    expect(recordSplitter()('@muster:language-mode:+:{"Lang\r\nuageMode":1}@end')).toEqual([
      { name: 'language-mode', ok: true, text: '{"LanguageMode":1}' },
    ]);
    expect(recordSplitter()('@muster:wmi-tpm:+:[{@muster:wmi-volumes:+:[]@end')).toEqual([
      { name: 'wmi-volumes', ok: true, text: '[]' },
    ]);
  });
});

describe('error ids', () => {
  it.each([
    ['HRESULT 0x80041003,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand', '0x80041003'],
    ['HRESULT 0x800106BA,Get-MpComputerStatus', '0x800106ba'],
    ['CommandNotFoundException', 'failed'],
    ['', 'failed'],
  ])('%s', (id, code) => expect(errorCode(id)).toBe(code));
});

describe('rows', () => {
  it('come as a list, a single object or none at all', () => {
    expect(parseRows('[{"a":1},{"a":"2"}]')).toEqual([{ a: 1 }, { a: '2' }]);
    expect(parseRows('{"a":1}')).toEqual([{ a: 1 }]);
    expect(parseRows('[]')).toEqual([]);
  });
  it.each(['', 'null', '5', '[1]', '[[]]', '{"a":'])('%j says nothing', (text) => {
    expect(() => parseRows(text)).toThrow(SourceError);
  });
});

const ended: CommandResult = { stdout: '', stderr: '', exitCode: 0, stdoutBytes: new Uint8Array() };

/** A PowerShell that prints `lines` and then ends, or fails as told. */
function shell(lines: readonly string[], end: () => CommandResult | Promise<CommandResult> = () => ended) {
  const started: (readonly string[])[] = [];
  const sources = powershellSource({
    osVersion: '10.0.26200',
    systemDirectory: async () => 'C:\\Windows\\System32',
    async runCommand(argv, options) {
      started.push(argv);
      for (const line of lines) options?.onStdout?.(Buffer.from(`${line}\r\n`));
      return end();
    },
  });
  return { started, sources };
}
const outcome = (read: Promise<unknown>) =>
  read.then(
    () => 'answered',
    (error) => (error instanceof SourceError ? error.code : `threw ${error}`),
  );

describe('the one process', () => {
  const lines = [
    '@muster:language-mode:+:{"LanguageMode":"FullLanguage"}@end',
    '@muster:wmi-antivirus:+:[{"displayName":"Windows Defender","productState":397568}]@end',
    '@muster:wmi-tpm:-:HRESULT 0x80041003,X@end',
    '@muster:bitlocker-status:-:HRESULT 0x80041003,Y@end',
  ];
  it('starts once, at the first question, by its full path and without profile', async () => {
    const { started, sources } = shell(lines);
    expect(started).toHaveLength(0);
    await Promise.all([sources.powershell('language-mode'), sources.wmi(...antivirus)]);
    await outcome(sources.powershell('windows-update'));
    expect(started).toHaveLength(1);
    const [program, ...args] = started[0] ?? [];
    expect(program).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(args.slice(0, 4)).toEqual(['-NoProfile', '-NonInteractive', '-NoLogo', '-EncodedCommand']);
    expect(Buffer.from(args[4] ?? '', 'base64').toString('utf16le')).toBe(queryScript('10.0.26200'));
  });
  it('answers named queries with their JSON or with the id of their error', async () => {
    const { sources } = shell(lines);
    expect(await sources.powershell('language-mode')).toMatchObject({
      stdout: '{"LanguageMode":"FullLanguage"}',
      stderr: '',
      exitCode: 0,
    });
    expect(await sources.powershell('bitlocker-status')).toMatchObject({
      stdout: '',
      stderr: 'HRESULT 0x80041003,Y',
      exitCode: 1,
    });
  });
  it('answers WMI with rows or with the HRESULT', async () => {
    const { sources } = shell(lines);
    expect(await sources.wmi(...antivirus)).toEqual([
      { displayName: 'Windows Defender', productState: 397568 },
    ]);
    const tpm = sources.wmi(
      'SELECT SpecVersion, IsEnabled_InitialValue, IsActivated_InitialValue FROM Win32_Tpm',
      'root\\cimv2\\Security\\MicrosoftTpm',
    );
    await expect(tpm).rejects.toMatchObject({ code: '0x80041003', reason: 'denied' });
  });
  it('is blocked for every read when it may not start or ends without a word', async () => {
    for (const { sources } of [
      shell([], () => Promise.reject(new SourceError('denied', 'may not be started', 'EACCES'))),
      shell([], () => Promise.reject(new SourceError('failed', 'was killed', 'killed'))),
      shell([], () => ended),
    ]) {
      expect(await outcome(sources.powershell('language-mode'))).toBe('blocked');
      expect(await outcome(sources.wmi(...antivirus))).toBe('blocked');
    }
  });
  it('keeps what it said before its time was over', async () => {
    const { sources } = shell(lines, () => Promise.reject(new SourceError('timeout', 'too long', 'timeout')));
    expect(await outcome(sources.powershell('language-mode'))).toBe('answered');
    expect(await outcome(sources.powershell('windows-update'))).toBe('timeout');
  });
  it('answers a quick query while a slow one still runs', async () => {
    const { sources } = shell(lines, () => new Promise(() => {}));
    expect(await outcome(sources.powershell('language-mode'))).toBe('answered');
  });
  it('knows no other query', async () => {
    const { sources } = shell(lines);
    expect(await outcome(sources.powershell('Get-Everything'))).toBe('undocumented');
    expect(await outcome(sources.wmi('SELECT * FROM Win32_Process', 'root\\cimv2'))).toBe('undocumented');
  });
});
