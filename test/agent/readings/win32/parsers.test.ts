import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { newestVersion } from '../../../../agent/probes/backup/win32.ts';
import { editionOf } from '../../../../agent/probes/os-support/win32.ts';
import { isInstalled } from '../../../../agent/readings/win32/installed-programs.ts';
import { parseNetAccounts, parseSecedit } from '../../../../agent/readings/win32/password-rules.ts';
import { parsePowercfg } from '../../../../agent/readings/win32/power.ts';
import {
  daysSince,
  fileTime,
  flag,
  integer,
  isNever,
  isoMoment,
  moment,
} from '../../../../agent/readings/win32/values.ts';
import { parseNetsh } from '../../../../agent/readings/win32/wifi.ts';

describe('numbers and booleans', () => {
  test.each([
    [7, 7],
    ['7', 7],
    [' 7 ', 7],
    ['-1', -1],
  ])('%j is %d', (written, number) => {
    expect(integer(written, 'x', -5, 10)).toBe(number);
  });

  test.each([
    [null],
    [undefined],
    [''],
    ['7.5'],
    ['0x7'],
    [7.5],
    [11],
    [-6],
    [Number.NaN],
    [true],
    [[7]],
    ['1e3'],
  ])('%j is no number from -5 to 10', (written) => {
    expect(() => integer(written, 'x', -5, 10)).toThrow(SourceError);
  });

  test('booleans arrive as text, too', () => {
    expect([flag(true, 'x'), flag('TRUE', 'x'), flag(' False ', 'x')]).toEqual([true, true, false]);
    for (const other of [1, 0, 'yes', '', null]) expect(() => flag(other, 'x')).toThrow(SourceError);
  });
});

describe('dates', () => {
  const noon = new Date('2026-11-12T12:00:00Z');

  test.each([
    ['/Date(1794484800000)/'],
    ['/Date(1794484800000+0100)/'],
    [{ value: '/Date(1794484800000)/', DisplayHint: 2, DateTime: 'Donnerstag, 12. November 2026 13:00:00' }],
    ['2026-11-12T12:00:00Z'],
    ['2026-11-12T12:00:00.1234567Z'.replace('.1234567', '')],
    ['2026-11-12T13:00:00+01:00'],
    ['2026-11-12T13:00:00+0100'],
  ])('%j is that noon', (written) => {
    expect(moment(written, 'x')).toEqual(noon);
  });

  test('registry texts without an offset are UTC', () => {
    expect(isoMoment('2026-11-12 12:00:00', 'x')).toEqual(noon);
    expect(isoMoment('2026-11-12', 'x')).toEqual(new Date('2026-11-12T00:00:00Z'));
  });

  test.each([
    ['8/12/2026'],
    ['12.11.2026'],
    ['2026'],
    ['2026-02-31'],
    ['2026-13-01'],
    [1_794_484_800_000],
    [''],
    [null],
    [{}],
  ])('%j is no date', (written) => {
    expect(() => moment(written, 'x')).toThrow(SourceError);
  });

  test('1601 is never', () => {
    expect(isNever(fileTime('0', 'x'))).toBe(true);
    expect(isNever(isoMoment('1601-01-01 00:00:00', 'x'))).toBe(true);
    expect(isNever(noon)).toBe(false);
  });

  test('a file time counts 100 nanoseconds since 1601', () => {
    expect(fileTime('134389584000000000', 'x')).toEqual(noon);
    expect(() => fileTime('99999999999999999999', 'x')).toThrow(SourceError);
    expect(() => fileTime(134_389_584, 'x')).toThrow(SourceError);
  });

  test('days are whole, and the future is no answer', () => {
    expect(daysSince(noon, new Date('2026-11-14T11:59:00Z'), 'x')).toBe(1);
    expect(daysSince(noon, new Date('2026-11-12T02:00:00Z'), 'x')).toBe(0);
    expect(() => daysSince(noon, new Date('2026-11-10T12:00:00Z'), 'x')).toThrow(SourceError);
  });
});

describe('powercfg', () => {
  const block = (tail: string) =>
    `GUID du mode : 381b4222\r\n  Minimum : 0x00000000\r\n  Maximum : 0xffffffff\r\n  Pas : 0x00000001\r\n  Unit\u00e9s : Secondes\r\n${tail}`;

  test('takes the last two numbers, mains before battery', () => {
    expect(parsePowercfg(block('    CA : 0x00000258\r\n    CC : 0x0000012c\r\n\r\n'))).toEqual({
      mains: 600,
      battery: 300,
    });
  });

  test('does not mistake the limits of a cut answer for values', () => {
    expect(() => parsePowercfg(block(''))).toThrow(SourceError);
    expect(() => parsePowercfg(block('    CA : 0x00000258\r\n'))).toThrow(SourceError);
    expect(() => parsePowercfg('')).toThrow(SourceError);
  });
});

describe('secedit', () => {
  const utf16 = (text: string) => new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);

  test('reads its section only', () => {
    const rules = parseSecedit(
      utf16(
        '[Other]\r\nMinimumPasswordLength = 20\r\n[System Access]\r\nMinimumPasswordLength = 9\r\nLockoutBadCount = 5\r\nLockoutDuration = -1\r\nMaximumPasswordAge = -1\r\n',
      ),
    );
    expect(rules).toEqual({
      minLength: 9,
      maxAgeDays: null,
      history: undefined,
      complexity: undefined,
      lockout: { attempts: 5, lockSeconds: null },
    });
  });

  test('refuses other encodings and numbers out of range', () => {
    expect(() =>
      parseSecedit(new TextEncoder().encode('[System Access]\r\nMinimumPasswordLength = 9\r\n')),
    ).toThrow(SourceError);
    expect(() => parseSecedit(utf16('[System Access]\r\nMinimumPasswordLength = many\r\n'))).toThrow(
      SourceError,
    );
  });
});

describe('net accounts', () => {
  const lines = (...values: string[]) =>
    values.map((value, index) => `Label ${index}:    ${value}\r\n`).join('');

  test('goes by position', () => {
    expect(parseNetAccounts(lines('Never', '0', '42', '8', 'None', '5', '30', '30', 'WORKSTATION'))).toEqual({
      minLength: 8,
      maxAgeDays: 42,
      history: 0,
      lockout: { attempts: 5, lockSeconds: 1800 },
    });
  });

  test('a word instead of a number means none', () => {
    expect(
      parseNetAccounts(lines('Nie', '0', 'Unbegrenzt', '0', 'Keine', 'Nie', '30', '30', 'ARBEITSSTATION')),
    ).toEqual({
      minLength: 0,
      maxAgeDays: null,
      history: 0,
      lockout: { attempts: null },
    });
  });

  test.each([
    ['a line is missing', lines('Never', '0', '42', '8', 'None', '5', '30', '30')],
    ['the second line is no number', lines('Never', 'x', '42', '8', 'None', '5', '30', '30', 'W')],
    ['the length is half a number', lines('Never', '0', '42', '8a', 'None', '5', '30', '30', 'W')],
    ['something else', 'System error 5 has occurred.\r\n'],
  ])('says nothing when %s', (_, text) => {
    expect(() => parseNetAccounts(text)).toThrow(SourceError);
  });
});

describe('netsh', () => {
  const connection = (auth: string, cipher: string) =>
    `    Description            : Maker 802.11ax adapter\r\n    Radio type             : 802.11ax\r\n    A                      : ${auth}\r\n    C                      : ${cipher}\r\n`;

  test('finds authentication and cipher after the radio type', () => {
    expect(parseNetsh(connection('WPA2-Enterprise', 'CCMP') + connection('WPA3-Personal', 'GCMP'))).toEqual([
      'wpa2-aes',
      'wpa3',
    ]);
    expect(parseNetsh(connection('WPA2-Personal', 'TKIP'))).toEqual(['wpa-tkip']);
    expect(parseNetsh(connection('Open', 'None'))).toEqual(['open']);
  });

  test('says nothing for words it does not know, and for no connection', () => {
    expect(() => parseNetsh(connection('Ouvrir', 'Aucun'))).toThrow(SourceError);
    expect(() => parseNetsh('    State                  : disconnected\r\n')).toThrow(SourceError);
  });
});

test('wbadmin: the newest version identifier counts', () => {
  expect(newestVersion('Id: 09/30/2026-20:00\r\nId: 11/02/2026-20:00\r\n')).toEqual(
    new Date('2026-11-02T20:00:00Z'),
  );
  expect(newestVersion('Backup time: 11/02/2026 9:00 PM\r\n')).toBeUndefined();
  expect(newestVersion('Id: 31/31/2026-20:00\r\n')).toBeUndefined();
});

test.each([
  ['Core', 'consumer'],
  ['CoreSingleLanguage', 'consumer'],
  ['CoreCountrySpecific', 'consumer'],
  ['ProfessionalN', 'consumer'],
  ['ProfessionalWorkstationN', 'consumer'],
  ['Enterprise', 'enterprise'],
  ['EducationN', 'enterprise'],
  ['EnterpriseSN', 'ltsc'],
  ['IoTEnterpriseS', 'iot-ltsc'],
  ['ServerStandard', 'unknown'],
  [undefined, 'unknown'],
])('edition %s follows the calendar %s', (id, edition) => {
  expect(editionOf(id)).toBe(edition);
});

test('a program is found by its whole name or its beginning', () => {
  const programs = [{ name: 'Gpg4win (4.4.1)', version: '4.4.1' }];
  expect(isInstalled(programs, 'gpg4win')).toBe(true);
  expect(isInstalled(programs, 'Gpg')).toBe(false);
});
