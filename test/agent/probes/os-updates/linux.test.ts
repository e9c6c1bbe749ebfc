import { expect, test } from 'vitest';
import { isPeriod, namesSecurityArchive, parseAptConfig } from '../../../../agent/probes/os-updates/linux.ts';

test.each([
  ['1', true],
  ['6h', true],
  ['always', true],
  ['0', false],
  ['0d', false],
  ['', false],
  [undefined, false],
  ['often', undefined],
])('a period of %j is %s', (value, on) => {
  expect(isPeriod(value)).toBe(on);
});

test('settings go by their last part, whatever their case', () => {
  const settings = parseAptConfig('APT::Periodic "";\nAPT::Periodic::Unattended-upgrade "7";\n');
  expect(settings.get('unattended-upgrade')).toBe('7');
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: apt's own placeholders.
test.each([
  ['Unattended-Upgrade::Allowed-Origins:: "${distro_id}:${distro_codename}-security";\n', true],
  ['Unattended-Upgrade::Allowed-Origins:: "Ubuntu:noble-security";\n', true],
  ['Unattended-Upgrade::Origins-Pattern:: "origin=Debian,label=Debian-Security";\n', true],
  ['Unattended-Upgrade::Origins-Pattern:: "origin=*";\n', true],
  ['Unattended-Upgrade::Allowed-Origins:: "${distro_id}ESM:${distro_codename}-infra-security";\n', false],
  ['Unattended-Upgrade::Allowed-Origins:: "${distro_id}:${distro_codename}-updates";\n', false],
  ['Unattended-Upgrade::Origins-Pattern "";\n', false],
  ['', false],
])('%j', (dump, names) => {
  expect(namesSecurityArchive(dump)).toBe(names);
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: apt's own placeholders.
