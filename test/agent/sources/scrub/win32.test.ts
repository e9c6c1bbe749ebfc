import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SourceError, type Sources } from '../../../../agent/probe.ts';
import { runChecks } from '../../../../agent/runner.ts';
import { recordSources } from '../../../../agent/sources/record.ts';
import { readAllWindows } from '../../../../agent/sources/record-windows.ts';
import { RecordingFile, registryKey, replaySources } from '../../../../agent/sources/recording.ts';
import { SidStandIns } from '../../../../agent/sources/scrub/sids.ts';
import { scrubWindows } from '../../../../agent/sources/scrub/win32.ts';
import { win32Keeps } from '../../../../agent/sources/scrub/win32-keeps.ts';
import { basePolicy } from '../../../../shared/policy.ts';

const policy = basePolicy();
const machine = 'S-1-5-21-1111111111-2222222222-3333333333';
const own = `${machine}-1001`;
const entra = 'S-1-12-1-4004004004-5005005005-6006006006-7007007007';
const domain = 'S-1-5-21-8888888888-9999999999-1010101010-1107';

/** Words that belong to somebody; none of them may be found in facts or in a recording. */
const canaries = [
  'Canaria',
  'LAPTOP-KNARI',
  'knari@example.org',
  'PF2CANARY7',
  'CanaryNet',
  '02:CA:4A:71:00:01',
  '192.0.2.77',
  'canary-secret',
  '1111111111',
  '4004004004',
  '8888888888',
];
const gossip = canaries.join(' ');
const person = (sid: string) => ({
  id: 2,
  state: 0,
  remote: false,
  sid,
  administrator: false,
  genericName: false,
  name: gossip,
});

/** Answers every read with what a probe needs, and everything that must not be kept beside it. */
const nativeAnswers: Record<string, object> = {
  WTSEnumerateSessions: { sessions: [person(own), person(entra), person(domain)], host: gossip },
  GetLogicalDrives: {
    systemDrive: 'C:',
    drives: [
      {
        letter: 'C:',
        driveType: 3,
        busType: 17,
        removableMedia: false,
        readOnly: false,
        ready: true,
        label: gossip,
        serial: gossip,
      },
    ],
  },
  WlanGetProfileList: {
    profiles: [{ name: gossip, ssid: gossip, authentication: 'WPA2PSK', encryption: gossip }],
  },
  NetUserEnum: {
    users: [{ rid: 500, flags: 66051, internetIdentity: false, name: gossip, fullName: gossip }],
  },
  EnumServicesStatusEx: { services: { MpsSvc: 4, CanaryService: 4 }, displayName: gossip },
  NetGetAadJoinInformation: { joinType: 1, tenant: gossip, userEmail: gossip },
  NetShareEnum: { disk: 1, printer: 0, names: [gossip] },
  EvtQuery: { oldest: gossip },
};

function gossiping(): Sources {
  const text = (stdout: string) => ({
    stdout,
    stderr: gossip,
    exitCode: 0,
    stdoutBytes: new TextEncoder().encode(stdout),
  });
  const named = (name: string) => [name, { type: 'REG_SZ', data: gossip }] as const;
  return {
    platform: 'win32',
    osVersion: '10.0.26200',
    elevated: true,
    user: { name: 'Canaria', sid: own },
    now: new Date('2026-11-20T08:00:00Z'),
    async command(argv) {
      if (argv[0] === 'net.exe') return text(`Domain:   ${gossip}\r\nMinimum password length:   8\r\n`);
      if (argv[0] === 'netsh.exe') {
        return text(
          `    SSID : ${gossip}\r\n    Radio type : 802.11ax\r\n    A : WPA2-Personal\r\n    C : ${gossip}\r\n    Profile : ${gossip}\r\n`,
        );
      }
      return text(`Plan: (${gossip})\r\nOn ${gossip} Id: 11/18/2026-20:00 ${gossip}\r\nx: 0x00000258\r\n`);
    },
    file: async () => JSON.stringify({ personal: { path: gossip, host: 1 }, [gossip]: gossip }),
    async fileBytes(path) {
      if (!path.endsWith('secedit.inf')) return new TextEncoder().encode(await this.file(path));
      const inf = `\uFEFF[System Access]\r\nMinimumPasswordLength = 9\r\nNewAdministratorName = "${gossip}"\r\nLockoutBadCount = 5\r\n[Privilege Rights]\r\nSeX = ${gossip}\r\n`;
      return new Uint8Array(Buffer.from(inf, 'utf16le'));
    },
    directory: async () => ['key-plain', `id_${gossip}`],
    async registry(key) {
      if (key === 'HKU') return registryKey({}, ['.DEFAULT', own, `${own}_Classes`, entra, domain, gossip]);
      if (key.endsWith('\\Uninstall')) return registryKey({}, ['Nextcloud', gossip]);
      if (key.endsWith('\\Nextcloud')) {
        return registryKey(
          {
            DisplayName: { type: 'REG_SZ', data: 'Nextcloud' },
            InstallLocation: { type: 'REG_SZ', data: gossip },
          },
          [gossip],
        );
      }
      if (key.includes('\\Uninstall\\'))
        return registryKey({ DisplayName: { type: 'REG_SZ', data: gossip } }, []);
      const secrets = [
        'DefaultPassword',
        'DefaultUserName',
        'UserFolder',
        'UserEmail',
        'PerAccountPreferences',
        'SCRNSAVE.EXE',
        'RegisteredOwner',
      ];
      return registryKey(Object.fromEntries(secrets.map(named)), [gossip]);
    },
    async wmi(query) {
      return [
        {
          SID: `${machine}-500`,
          Disabled: true,
          PasswordRequired: true,
          Name: gossip,
          displayName: gossip,
          productState: 397568,
          DriveLetter: 'C:',
          VolumeType: 0,
          query,
        },
      ];
    },
    async powershell(name) {
      if (name === 'firewall-profiles')
        return text(JSON.stringify([{ Name: gossip, Enabled: 1, DefaultInboundAction: 4, Host: gossip }]));
      if (name === 'windows-update') return { ...text(gossip), exitCode: 1 };
      return text(
        JSON.stringify({
          LanguageMode: 'FullLanguage',
          AMRunningMode: gossip,
          RecoveryPassword: gossip,
          DriveLetter: 'C:',
          KeyProtectorTypes: [3],
        }),
      );
    },
    async win32(name) {
      const answer = nativeAnswers[name];
      if (answer === undefined) throw new SourceError('failed', 'no such call', '0x7f');
      return answer;
    },
    systemInformation: async () => ({ host: gossip }),
  };
}

describe('a recording of Windows', () => {
  test('and the facts hold nothing that is somebody’s own', async () => {
    const live = gossiping();
    const recorder = recordSources(live, await scrubWindows(live));
    const facts = await runChecks(recorder.sources, policy);
    await readAllWindows(recorder.sources);
    const recording = recorder.recording();
    const decoded = recording.reads
      .map((read) =>
        'contentBase64' in read && read.contentBase64
          ? Buffer.from(read.contentBase64, 'base64').toString('utf16le')
          : '',
      )
      .join();
    for (const canary of canaries) {
      expect(JSON.stringify(facts).toLowerCase()).not.toContain(canary.toLowerCase());
      expect(JSON.stringify(recording).toLowerCase()).not.toContain(canary.toLowerCase());
      expect(decoded.toLowerCase()).not.toContain(canary.toLowerCase());
    }
    expect(recording.user).toEqual({ name: 'user', sid: 'S-1-5-21-1-1-1-1001' });
    // It still is a recording of that machine, and not an empty one.
    expect(() => RecordingFile.parse(recording)).not.toThrow();
    const text = JSON.stringify(recording);
    for (const kept of [
      'S-1-12-1-1-1-1-1',
      'S-1-5-21-2-2-2-1107',
      'Nextcloud',
      'key-plain',
      'x: 0x00000258',
      '11/18/2026-20:00',
    ]) {
      expect(text).toContain(kept);
    }
    expect(decoded).toContain('MinimumPasswordLength = 9');
  });

  test('asks for every documented native call', async () => {
    const live = gossiping();
    const recorder = recordSources(live, await scrubWindows(live));
    await readAllWindows(recorder.sources);
    const asked = new Set(recorder.recording().reads.flatMap((read) => ('win32' in read ? read.win32 : [])));
    expect([...asked].toSorted()).toEqual(Object.keys(win32Keeps).toSorted());
  });
});

const fixtures = join(import.meta.dirname, '../../../fixtures/win32');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
);

test.each(files)('%s says the same once scrubbed', async (name) => {
  const recording = RecordingFile.parse(JSON.parse(readFileSync(join(fixtures, name), 'utf8')));
  const live = replaySources(recording);
  const recorder = recordSources(live, await scrubWindows(live));
  const facts = await runChecks(recorder.sources, policy);
  const again = await runChecks(replaySources(recorder.recording()), policy);
  expect(again).toEqual(facts);
});

test('the same person always has the same stand-in', () => {
  const sids = new SidStandIns(machine);
  const second = 'S-1-12-1-9-9-9-9';
  expect([sids.of(entra), sids.of(second), sids.of(entra)]).toEqual([
    'S-1-12-1-1-1-1-1',
    'S-1-12-1-1-1-1-2',
    'S-1-12-1-1-1-1-1',
  ]);
  expect(sids.of('S-1-5-18')).toBeUndefined();
  expect(sids.within(`%PROFILE:${own}%\\.ssh`)).toBe('%PROFILE:S-1-5-21-1-1-1-1001%\\.ssh');
});
