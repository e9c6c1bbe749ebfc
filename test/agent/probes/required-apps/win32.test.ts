import { expect, test } from 'vitest';
import { win32 } from '../../../../agent/probes/required-apps/win32.ts';
import { replaySources } from '../../../../agent/sources/recording.ts';
import { requiredApps } from '../../../../shared/checks/required-apps.ts';

const list = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const machine = replaySources({
  recording: 1,
  platform: 'win32',
  osVersion: '10.0.26200',
  elevated: true,
  user: null,
  recordedAt: '2026-11-20T08:00:00Z',
  reads: [
    { registry: list, values: {}, subkeys: ['one'] },
    { registry: list.replace('SOFTWARE', 'SOFTWARE\\WOW6432Node'), error: 'not-found' },
    {
      registry: `${list}\\one`,
      values: {
        DisplayName: { type: 'REG_SZ', data: 'Gpg4win (4.4.1)' },
        DisplayVersion: { type: 'REG_SZ', data: '4.4.1' },
      },
      subkeys: [],
    },
  ],
});
const context = { now: machine.now, machine: { platform: 'win32', osName: 'windows' } } as const;

async function verdict(names: string[]) {
  const answer = await win32.present(machine, { names });
  if (!('value' in answer)) throw new Error('no value');
  const { value, params, judge } = requiredApps.points.present;
  return judge(value.parse(answer.value), params.parse({ names }), context).status;
}

test('passes when every named program is installed', async () => {
  expect(await verdict(['Gpg4win'])).toBe('pass');
});

test('fails when one is missing', async () => {
  expect(await verdict(['Gpg4win', 'VeraCrypt'])).toBe('fail');
});
