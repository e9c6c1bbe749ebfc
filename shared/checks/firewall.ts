import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass, type Remedy } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import type { Machine } from '../machine.ts';
import { onMac } from '../settings.ts';
import { list } from '../words.ts';

/** What a firewall can be on or off for: a Windows profile, an IP family, or the machine as a whole. */
const Scope = z.enum(['domain', 'private', 'public', 'ipv4', 'ipv6', 'machine']);
const scopeWords = {
  domain: 'company networks',
  private: 'private networks',
  public: 'public networks',
  ipv4: 'IPv4',
  ipv6: 'IPv6',
  machine: 'this machine',
} as const;

const on = {
  darwin: onMac(
    {
      text: 'System Settings > Network > Firewall: turn it on.',
      link: 'com.apple.Network-Settings.extension?Firewall',
      command: 'sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setglobalstate on',
    },
    'System Preferences > Security & Privacy > Firewall: unlock, then Turn On Firewall.',
  ),
  win32: {
    text: 'Windows Security > Firewall & network protection: turn it on for domain, private and public networks.',
    link: 'windowsdefender://network',
    command: 'netsh advfirewall set allprofiles state on',
  },
} as const;

const switchOn = (machine: Machine): Remedy => {
  switch (linuxFamily(machine.osName)) {
    case 'redhat':
      return {
        text: 'Switch firewalld on:',
        command: 'sudo dnf install firewalld && sudo systemctl enable --now firewalld',
      };
    case 'suse':
      return {
        text: 'Switch firewalld on:',
        command: 'sudo zypper install firewalld && sudo systemctl enable --now firewalld',
      };
    case 'arch':
      return {
        text: 'Install ufw and switch it on:',
        command:
          'sudo pacman -S ufw && sudo ufw default deny incoming && sudo ufw enable && sudo systemctl enable ufw',
      };
    case 'debian':
      return {
        text: 'Install ufw and switch it on:',
        command: 'sudo apt install ufw && sudo ufw default deny incoming && sudo ufw enable',
      };
    case 'other':
      return {
        text: 'Install ufw or firewalld from your distribution, refuse incoming traffic, and start it at boot.',
      };
  }
};

const refuseByDefault = (machine: Machine): Remedy => {
  const family = linuxFamily(machine.osName);
  return family === 'redhat' || family === 'suse'
    ? {
        text: 'Use a zone that refuses by default (FedoraWorkstation leaves all high ports open):',
        command: 'sudo firewall-cmd --set-default-zone=public',
      }
    : { text: 'Refuse by default:', command: 'sudo ufw default deny incoming && sudo ufw enable' };
};

/** Is unsolicited traffic from the network kept out, on every network and for IPv6 too? */
export const firewall = defineCheck({
  id: 'firewall',
  title: 'Firewall',
  rationale: 'On a foreign network everyone else can knock; nothing should answer that was not asked to.',
  blindSpots: 'What rules for single programs let in, and what a router in front refuses.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A4.1.1' },
    { standard: 'cyber-essentials-3.3', id: 'A4.7' },
    { standard: 'iso-27001-2022', id: 'A.8.20' },
    { standard: 'iso-27001-2022', id: 'A.8.22' },
    { standard: 'cis-controls-8.1', id: '4.5' },
    { standard: 'nist-800-171-3', id: '03.13.01' },
    { standard: 'nist-800-171-3', id: '03.04.06' },
    { standard: 'nist-800-53-5', id: 'SC-7(12)' },
    { standard: 'nist-csf-2.0', id: 'PR.IR-01' },
  ],
  points: {
    enabled: definePoint({
      title: 'Switched on',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'ce',
      value: z.strictObject({
        scopes: z
          .array(z.strictObject({ scope: Scope, state: z.enum(['on', 'off', 'unknown']) }))
          .min(1)
          .max(6),
        /** A healthy third-party product does the filtering. */
        thirdParty: z.boolean().default(false),
        /** Set up for the next start, but not seen to be in force. */
        configuredOnly: z.boolean().default(false),
      }),
      params: noParams,
      expected: () => 'on everywhere, IPv6 too',
      judge({ scopes, thirdParty, configuredOnly }) {
        const off = scopes.filter(({ state }) => state === 'off').map(({ scope }) => scopeWords[scope]);
        if (off.length === scopes.length) return fail('off');
        if (off.length > 0) return fail(`off for ${list(off)}`);
        const dark = scopes.filter(({ state }) => state === 'unknown').map(({ scope }) => scopeWords[scope]);
        if (dark.length > 0) return cannotTell('missing', `could not be read for ${list(dark)}`);
        if (configuredOnly)
          return cannotTell('denied', 'set to start with the system; whether it is in force was not seen');
        return pass(thirdParty ? 'on (a third-party product)' : 'on');
      },
      remedies: {
        ...on,
        linux: switchOn,
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'root' },
    }),
    'inbound-default': definePoint({
      title: 'Refuses what was not asked for',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'ce',
      value: z.strictObject({
        scopes: z
          .array(
            z.strictObject({ scope: Scope, inbound: z.enum(['refused', 'open', 'partly-open', 'unknown']) }),
          )
          .min(1)
          .max(6),
      }),
      params: noParams,
      expected: () => 'unsolicited inbound traffic is refused',
      judge({ scopes }) {
        const open = scopes.filter(({ inbound }) => inbound === 'open').map(({ scope }) => scopeWords[scope]);
        if (open.length > 0) return fail(`open to inbound traffic (${list(open)})`);
        const partly = scopes
          .filter(({ inbound }) => inbound === 'partly-open')
          .map(({ scope }) => scopeWords[scope]);
        if (partly.length > 0) return fail(`refuses some inbound traffic only (${list(partly)})`);
        const dark = scopes
          .filter(({ inbound }) => inbound === 'unknown')
          .map(({ scope }) => scopeWords[scope]);
        if (dark.length > 0) return cannotTell('missing', `could not be read for ${list(dark)}`);
        return pass('refuses unsolicited inbound traffic');
      },
      remedies: {
        darwin: {
          text: 'System Settings > Network > Firewall > Options: turn on stealth mode (or block all incoming connections).',
          command: 'sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setstealthmode on',
        },
        win32: {
          text: 'Block inbound traffic by default, in an administrator terminal:',
          command: 'netsh advfirewall set allprofiles firewallpolicy blockinbound,allowoutbound',
        },
        linux: refuseByDefault,
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'root' },
    }),
  },
});
