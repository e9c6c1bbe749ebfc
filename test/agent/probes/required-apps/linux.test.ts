import { expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { linux } from '../../../../agent/probes/required-apps/linux.ts';
import { replaySources } from '../../../../agent/sources/recording.ts';

const machine = (stdout: string) =>
  replaySources({
    recording: 1,
    platform: 'linux',
    osVersion: '12',
    elevated: false,
    user: null,
    recordedAt: '2026-11-20T12:00:00Z',
    reads: [
      {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders.
        command: ['dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package} ${Version}\\n'],
        stdout,
        stderr: '',
        exitCode: 0,
      },
    ],
  });

test('names are those of packages, and a removed one is missing', async () => {
  const sources = machine('ii  keepassxc 2.7\nrc  clamav 1.4\n');
  expect(await linux.present(sources, { names: ['KeePassXC', 'clamav', 'htop'] })).toMatchObject({
    value: { wanted: 3, missing: 2 },
  });
});

test('without a list nobody knows', async () => {
  await expect(linux.present(machine(''), { names: ['htop'] })).rejects.toThrow(SourceError);
});
