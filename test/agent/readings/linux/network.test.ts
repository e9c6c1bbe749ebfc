import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { hasExports, listensBeyond } from '../../../../agent/probes/file-sharing/linux.ts';
import { parseListeners, reachOf } from '../../../../agent/readings/linux/listeners.ts';
import { parseWifiList } from '../../../../agent/readings/linux/network.ts';

test.each([
  ['no:WPA2:(none):pair_ccmp group_ccmp psk\n\n', undefined],
  ['yes::(none):(none)\n', 'open'],
  ['yes:WEP:(none):(none)\n', 'wep'],
  ['yes:WPA1:pair_tkip group_tkip psk:(none)\n', 'wpa-tkip'],
  ['yes:WPA1 WPA2:pair_tkip group_tkip psk:pair_ccmp group_tkip psk\n', 'wpa2-aes'],
  ['yes:WPA2:(none):pair_tkip group_tkip psk\n', 'wpa-tkip'],
  ['yes:WPA2 WPA3:(none):pair_ccmp group_ccmp psk sae\n', 'wpa2-aes'],
  ['yes:WPA3:(none):pair_ccmp group_ccmp sae\n', 'wpa3'],
  ['yes:WPA3 802.1X:(none):eap_suite_b_192\n', 'wpa3'],
  ['yes:OWE:(none):pair_ccmp group_ccmp owe\n', 'owe'],
  ['yes:WPA2:(none):pair_ccmp psk\nyes::(none):(none)\n', 'open'],
])('%j is %s', (text, level) => {
  expect(parseWifiList(text)).toBe(level);
});

test.each([
  'ja:WPA2:(none):pair_ccmp',
  'yes:WPA2:(none)',
  'yes:OWE-TM:(none):owe_tm',
  'yes:802.1X:(none):802.1X',
])('%j is none of them', (text) => {
  expect(() => parseWifiList(text)).toThrow(SourceError);
});

describe('listeners', () => {
  test('this machine alone, or everybody', () => {
    const listeners = parseListeners(
      'LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:*\nLISTEN 0 128 [::]:22 [::]:*\nLISTEN 0 5 [::ffff:127.0.0.1]:5901 *:*\nLISTEN 0 5 *:3389 *:*\n',
    );
    expect(listeners).toEqual([
      { port: 53, loopback: true },
      { port: 22, loopback: false },
      { port: 5901, loopback: true },
      { port: 3389, loopback: false },
    ]);
    expect(() => parseListeners('Netid State\n')).toThrow(SourceError);
  });

  test.each([
    [true, [{ port: 22, loopback: true }], 'local-only'],
    [false, [], 'off'],
    [true, [], 'on'],
    [undefined, [], 'unknown'],
    [false, undefined, 'unknown'],
    [undefined, [{ port: 22, loopback: false }], 'on'],
  ] as const)('running %s, listening %j: %s', (running, listeners, reach) => {
    expect(reachOf(running, listeners, [22])).toBe(reach);
  });
});

test.each([
  ['', false],
  ['# only a comment\n', false],
  ['/srv 192.0.2.0/24(ro)\n', true],
  ['# 0 lines\n', false],
  ['# 3 lines\n', true],
])('exports %j', (text, shares) => {
  expect(hasExports(text)).toBe(shares);
});

test.each([
  ['Listen localhost:631\nListen /run/cups/cups.sock\n', false],
  ['#Port 631\nListen 127.0.0.1:631\n', false],
  ['Port 631\n', true],
  ['Listen *:631\n', true],
  ['SSLListen 192.0.2.1:443\n', true],
])('cupsd.conf %j', (text, beyond) => {
  expect(listensBeyond(text)).toBe(beyond);
});
