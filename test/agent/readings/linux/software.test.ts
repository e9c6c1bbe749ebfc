import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { parseFlatpakIds, parseSnapNames } from '../../../../agent/readings/linux/offers.ts';
import {
  isSwitchedOn,
  isUncheckedByDefault,
  trustedEntries,
  uncheckedRepositories,
} from '../../../../agent/readings/linux/package-sources.ts';
import { parseDpkg, parseRpm } from '../../../../agent/readings/linux/packages.ts';
import {
  isSecurityOffer,
  parseAptCheck,
  parseAptGet,
  parseUpdateInfo,
} from '../../../../agent/readings/linux/waiting-updates.ts';

const counts = '1 upgraded, 0 newly installed, 0 to remove and 4 not upgraded.\n';

describe('apt', () => {
  test('security updates are those of an archive for security', () => {
    const { count, ids } = parseAptGet(
      `${counts}Inst libc6 [2.36-9] (2.36-9+deb12u9 Debian-Security:12/oldstable-security [amd64]) []\n` +
        'Inst tzdata [2025a] (2025b Debian:12.12/stable [all])\n' +
        'Conf libc6 (2.36-9+deb12u9 Debian-Security:12/oldstable-security [amd64])\n',
    );
    expect(count).toBe(1);
    expect(ids).toEqual(['libc6 2.36-9+deb12u9']);
  });

  test.each([
    ['Inst a (2 Debian-Security:12/stable [amd64])', true],
    ['Inst a (2 Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [amd64])', true],
    ['Inst debian-security-support [1] (2 Debian:12/stable [all])', false],
    ['Inst a (2 Acme:1/tools-security-testing [amd64])', false],
  ])('%s', (line, security) => {
    expect(isSecurityOffer(line)).toBe(security);
  });

  test('without the line of counts it was cut short', () => {
    expect(() => parseAptGet('Inst a [1] (2 Debian:12/stable [all])\n')).toThrow(SourceError);
    expect(
      parseAptGet('Summary:\n  Upgrading: 0, Installing: 0, Removing: 0, Not Upgrading: 16\n').count,
    ).toBe(0);
  });

  test('apt-check counts at the end of what it says', () => {
    expect(parseAptCheck('warning: something\n71;40')).toBe(40);
    expect(parseAptCheck('0;0\n')).toBe(0);
    for (const text of ['', '40', 'E: locked\n0;0', '4;40', '1;2;x']) {
      expect(() => parseAptCheck(text), text).toThrow(SourceError);
    }
  });

  test('switches are on, off, or nothing anybody knows', () => {
    expect(isSwitchedOn('')).toBe(false);
    expect(isSwitchedOn('APT::Get::AllowUnauthenticated "false";\n')).toBe(false);
    expect(isSwitchedOn('APT::Get::AllowUnauthenticated "TRUE";\n')).toBe(true);
    expect(isSwitchedOn('APT::Get::AllowUnauthenticated "2";\n')).toBe(true);
    expect(() => isSwitchedOn('APT::Get::AllowUnauthenticated "perhaps";\n')).toThrow(SourceError);
  });

  test.each([
    ['deb [trusted=yes] http://x ./\n', 1],
    ['deb [arch=amd64 trusted=1] http://x ./\ndeb http://y stable main\n', 1],
    ['# deb [trusted=yes] http://x ./\n', 0],
    ['deb [trusted=no] http://x ./\n', 0],
    ['Types: deb\nTrusted: yes\n\nTypes: deb\nEnabled: no\nTrusted: yes\n', 1],
    ['Types: deb\n# note\nTrusted: true\n', 1],
    ['Types: deb\nTrusted: no\n', 0],
  ])('%j holds %d trusted sources', (text, count) => {
    expect(trustedEntries(text)).toBe(count);
  });
});

describe('dnf', () => {
  test('dnf 4 names advisories and packages', () => {
    const { count, issued } = parseUpdateInfo(
      'FEDORA-2026-1a2b3c4d5e Important/Sec. kernel-6.17.5-1.fc43.x86_64\n' +
        'FEDORA-EPEL-2026-77777 Moderate/Sec. vim-minimal-9.1-1.el9.x86_64\n' +
        'FEDORA-2026-2222222222 Important/Sec. kernel-6.17.5-1.fc43.x86_64\n',
    );
    expect(count).toBe(2);
    expect(issued).toEqual([]);
  });

  test('dnf 5 says since when; of several advisories the oldest counts', () => {
    const { count, ids, issued } = parseUpdateInfo(
      'Name                   Type     Severity   Package                       Issued\n' +
        'FEDORA-2026-2222222222 security Important  kernel-6.17.5-1.fc43.x86_64   2026-11-12 01:00:00\n' +
        'FEDORA-2026-1111111111 security None       kernel-6.17.5-1.fc43.x86_64   2026-11-02 23:59:59\n',
    );
    expect({ count, ids }).toEqual({ count: 1, ids: [] });
    expect(issued).toEqual([new Date('2026-11-02T00:00:00Z')]);
  });

  test('other text is no answer', () => {
    expect(() => parseUpdateInfo('Keine Updates\n')).toThrow(SourceError);
    expect(parseUpdateInfo('').count).toBe(0);
  });

  test.each([
    ['[a]\nenabled=1\ngpgcheck=0\n', 1],
    ['[a]\ngpgcheck = False\n', 1],
    ['[a]\nenabled=0\ngpgcheck=0\n[b]\nenabled=1\n', 0],
    ['[repo]\ngpgcheck=0\n[repo]\ngpgcheck=1\n', 1],
    ['enabled=0\ngpgcheck=0\nenabled=1\ngpgcheck=1\n', 0],
    ['gpgcheck=0\nenabled=0\ngpgcheck=1\n', 1],
  ])('%j leaves %d repositories unchecked', (text, count) => {
    expect(uncheckedRepositories(text)).toBe(count);
  });

  test('the check is on unless switched off', () => {
    expect(isUncheckedByDefault('[main]\n')).toBe(false);
    expect(isUncheckedByDefault('')).toBe(false);
    expect(isUncheckedByDefault('[main]\ngpgcheck=False\n')).toBe(true);
    expect(isUncheckedByDefault('[other]\ngpgcheck=0\n')).toBe(false);
  });
});

describe('lists of packages', () => {
  test('dpkg: only what is installed', () => {
    expect(
      parseDpkg(
        'ii  firefox 1:1snap1-0ubuntu5\nrc  keepassxc 2.7.6\niU  vim 2:9.1\nun  emacs \nii  zsh 5.9-4+b2\n',
      ),
    ).toEqual([
      { name: 'firefox', version: '1snap1' },
      { name: 'zsh', version: '5.9' },
    ]);
    expect(() => parseDpkg('')).toThrow(SourceError);
    expect(() => parseDpkg('{"a":1}')).toThrow(SourceError);
  });

  test('rpm: names and versions', () => {
    expect(parseRpm('firefox 145.0\ngpg-pubkey 105ef944\n')).toHaveLength(2);
    expect(() => parseRpm('package x is not installed\n')).toThrow(SourceError);
  });

  test('stores', () => {
    expect(parseSnapNames('Name     Version  Rev\nfirefox  145.0    1\ncore22   1        2\n')).toEqual([
      'firefox',
      'core22',
    ]);
    expect(parseSnapNames('')).toEqual([]);
    expect(() => parseSnapNames('error: cannot list\n')).toThrow(SourceError);
    expect(parseFlatpakIds('Application ID\norg.mozilla.firefox\n\n')).toEqual(['org.mozilla.firefox']);
    expect(() => parseFlatpakIds('Looking for updates...\n')).toThrow(SourceError);
  });
});
