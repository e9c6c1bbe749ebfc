import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { Tri } from '../value.ts';

/** From weakest to strongest; `mixed` lets old devices fall back to TKIP, `owe` encrypts without a password. */
const levels = ['open', 'wep', 'wpa-tkip', 'mixed', 'owe', 'wpa2-aes', 'wpa3'] as const;
const levelWords = {
  open: 'an open Wi-Fi, not encrypted',
  wep: 'a Wi-Fi with WEP, which is broken',
  'wpa-tkip': 'a Wi-Fi with TKIP, which is broken',
  mixed: 'a Wi-Fi that still allows TKIP, which is broken',
  owe: 'an open Wi-Fi with encryption (OWE)',
  'wpa2-aes': 'a Wi-Fi with WPA2 and AES',
  wpa3: 'a Wi-Fi with WPA3',
  unknown: 'a Wi-Fi whose security could not be read',
} as const;

/** Can others in the air read along? */
export const wifiSecurity = defineCheck({
  id: 'wifi-security',
  title: 'Wi-Fi',
  rationale: 'On a weak Wi-Fi everybody near can read along.',
  blindSpots:
    'How good the network’s password is, who else knows it, and networks joined between two checks.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A4.1.1' },
    { standard: 'iso-27001-2022', id: 'A.8.20' },
    { standard: 'iso-27001-2022', id: 'A.8.21' },
    { standard: 'iso-27001-2022', id: 'A.6.7' },
    { standard: 'cis-controls-8.1', id: '12.6' },
    { standard: 'cis-controls-8.1', id: '12.7' },
    { standard: 'nist-800-171-3', id: '03.01.16' },
    { standard: 'nist-800-171-3', id: '03.13.08' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-02' },
  ],
  points: {
    security: definePoint({
      title: 'Encrypted',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'proposal',
      value: z.strictObject({
        /** The connected network's kind; never its name. The weakest of several. */
        security: z.enum([...levels, 'unknown']),
        /** The weakest of all saved networks, because which one is connected could not be read. */
        allSaved: z.boolean().default(false),
        /** A VPN carries the traffic (it has the default route). */
        vpn: Tri,
      }),
      params: z.strictObject({
        min: parameter(z.enum(['wpa2-aes', 'wpa3']).default('wpa2-aes'), {
          title: 'Weakest network allowed',
          stricter: ['wpa3', 'wpa2-aes'],
          values: { 'wpa2-aes': 'WPA2 with AES', wpa3: 'WPA3' },
        }),
        /** A VPN that carries the traffic makes up for a weak network. */
        vpnSatisfies: parameter(z.boolean().default(true), {
          title: 'A VPN makes up for a weak network',
          stricter: [false, true],
        }),
      }),
      expected: ({ min, vpnSatisfies }) =>
        `${min === 'wpa3' ? 'WPA3' : 'WPA2 with AES, or better'}${vpnSatisfies ? ', or a VPN' : ''}`,
      judge({ security, allSaved, vpn }, { min, vpnSatisfies }) {
        const carried = vpnSatisfies && vpn === 'yes';
        const where =
          allSaved && security !== 'unknown'
            ? `the weakest saved network is ${levelWords[security]}`
            : levelWords[security];
        if (security === 'unknown')
          return carried ? pass(`${where}, with a VPN`) : cannotTell('missing', where);
        const strong =
          levels.indexOf(security) >= levels.indexOf(min) || (security === 'owe' && min === 'wpa2-aes');
        if (strong) return pass(where);
        if (carried) return pass(`${where}, with a VPN`);
        // A weak saved network need not be the one in use.
        if (allSaved) return cannotTell('missing', `${where}; which one is in use could not be read`);
        if (vpnSatisfies && vpn === 'unknown')
          return cannotTell('missing', `${where}; whether a VPN carries the traffic could not be read`);
        return fail(where);
      },
      remedies: {
        darwin: {
          text: 'Join a network with WPA2 or WPA3, or switch the company VPN on. At home: set the router to WPA2/WPA3 with AES.',
          link: 'x-apple.systempreferences:com.apple.wifi-settings-extension',
        },
        win32: {
          text: 'Join a network with WPA2 or WPA3, or switch the company VPN on. At home: set the router to WPA2/WPA3 with AES.',
          link: 'ms-settings:network-wifi',
        },
        linux: {
          text: 'Join a network with WPA2 or WPA3, or switch the company VPN on. At home: set the router to WPA2/WPA3 with AES.',
        },
      },
      privilege: { darwin: 'user', win32: 'session', linux: 'user' },
    }),
    'vpn-untrusted': definePoint({
      title: 'VPN on open networks',
      mode: 'off',
      severity: 'medium',
      value: z.strictObject({
        /** The connected Wi-Fi has no password or none that holds (open, WEP). */
        openNetwork: Tri,
        vpn: Tri,
      }),
      params: noParams,
      expected: () => 'a VPN is up on an open network',
      judge({ openNetwork, vpn }) {
        if (openNetwork === 'no') return pass('not on an open network');
        if (vpn === 'yes') return pass('a VPN is up');
        if (openNetwork === 'unknown' || vpn === 'unknown')
          return cannotTell('missing', 'whether the network is open, or a VPN up, could not be read');
        return fail('on an open network without a VPN');
      },
      remedies: {
        darwin: {
          text: 'Switch the company VPN on before you work on an open network.',
          link: 'x-apple.systempreferences:com.apple.NetworkExtensionSettingsUI.NESettingsUIExtension',
        },
        win32: {
          text: 'Switch the company VPN on before you work on an open network.',
          link: 'ms-settings:network-vpn',
        },
        linux: { text: 'Switch the company VPN on before you work on an open network.' },
      },
      privilege: { darwin: 'user', win32: 'session', linux: 'user' },
    }),
  },
});
