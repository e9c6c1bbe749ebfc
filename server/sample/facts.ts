/** A believable fleet: machines and the facts they would report, the same at every run. Invented; no real device is behind it. */
import { type Answer, known, notApplicable, unknown } from '../../shared/answer.ts';
import type { Facts } from '../../shared/facts.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import type { Machine } from '../../shared/machine.ts';

/** Numbers that look random and are the same every time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const machines: readonly (readonly [number, Machine])[] = [
  [0.33, { platform: 'darwin', osName: 'macos', osVersion: '26.1' }],
  [0.485, { platform: 'darwin', osName: 'macos', osVersion: '15.7.2' }],
  [0.5, { platform: 'darwin', osName: 'macos', osVersion: '13.7.8' }],
  [0.805, { platform: 'win32', osName: 'windows', osVersion: '10.0.26200', edition: 'Professional' }],
  [0.82, { platform: 'win32', osName: 'windows', osVersion: '10.0.19045', edition: 'Professional' }],
  [0.94, { platform: 'linux', osName: 'ubuntu', osVersion: '24.04', desktop: 'gnome' }],
  [1.01, { platform: 'linux', osName: 'fedora', osVersion: '43', desktop: 'kde' }],
];

/** A machine as small companies have them. */
export function sampleMachine(random: () => number): Machine {
  const draw = random();
  const [, machine] = machines.find(([upTo]) => draw < upTo) ?? machines[0] ?? [];
  if (machine === undefined) throw new Error('no machines to draw from');
  return machine;
}

type Answers = Record<string, Answer<unknown>>;
interface Draw {
  /** True with this chance, scaled by how much trouble the machine is. */
  (chance: number): boolean;
  /** True with this chance, whoever it is. */
  readonly anyway: (chance: number) => boolean;
}

function screenLock(machine: Machine, draw: Draw): Answers {
  if (draw.anyway(0.015)) return { idle: unknown('no-session'), grace: unknown('no-session') };
  const never = draw(0.05);
  return {
    idle: never
      ? known({ seconds: null, power: draw.anyway(0.5) ? 'mains' : 'any', because: 'switched-off' }, 'user')
      : known(
          { seconds: draw(0.06) ? 1800 : 300, power: 'any' },
          machine.platform === 'win32' ? 'policy' : 'user',
        ),
    grace: known({ seconds: draw(0.04) ? 60 : 0 }, 'default'),
  };
}

function diskEncryption(machine: Machine, draw: Draw): Answers {
  const state = draw(0.05) ? (machine.platform === 'win32' ? 'suspended' : 'not-encrypted') : 'encrypted';
  return {
    system: known({ state }),
    'other-volumes': draw.anyway(0.6)
      ? notApplicable('none-present')
      : known({ volumes: 2, unencrypted: draw(0.1) ? 1 : 0, swap: false }),
    'recovery-key': draw.anyway(0.02) ? unknown('denied') : known({ present: true }),
  };
}

function firewall(machine: Machine, draw: Draw): Answers {
  const scopes =
    machine.platform === 'win32'
      ? (['domain', 'private', 'public'] as const)
      : machine.platform === 'linux'
        ? (['ipv4', 'ipv6'] as const)
        : (['machine'] as const);
  if (machine.platform === 'linux' && draw.anyway(0.06)) {
    return { enabled: unknown('denied'), 'inbound-default': unknown('denied') };
  }
  const off = draw(0.07);
  return {
    enabled: known(
      {
        scopes: scopes.map((scope, index) => ({
          scope,
          state: off && index === scopes.length - 1 ? 'off' : 'on',
        })),
      },
      'user',
    ),
    'inbound-default': known({
      scopes: scopes.map((scope) => ({ scope, inbound: off ? 'open' : 'refused' })),
    }),
  };
}

function passwordPolicy(machine: Machine, draw: Draw): Answers {
  const managed = !draw(0.2);
  return {
    'min-length': known({ characters: managed ? 12 : 8 }, managed ? 'policy' : 'default'),
    complexity: known({ classes: managed ? 3 : 0 }),
    'max-age': known({ days: null }),
    history: known({ remembered: managed ? 5 : 0 }),
    lockout: known({ attempts: managed || draw.anyway(0.5) ? 10 : null }, managed ? 'policy' : 'default'),
    hints: machine.platform === 'darwin' ? known({ shown: draw(0.05) }) : notApplicable('not-on-this-system'),
  };
}

function removableMedia(draw: Draw): Answers {
  const now = draw(0.04) ? 1 : 0;
  return {
    unencrypted: known({ now, days: 0 }),
    approved: known({ unapproved: now, unknown: 0, approved: [], days: 0 }),
    'write-policy': known({ enforced: draw.anyway(0.8) ? 'encrypted-only' : 'any' }),
    autorun: known({ opens: draw(0.03) }, 'default'),
  };
}

function others(machine: Machine, draw: Draw): Record<string, Answers> {
  const linux = machine.platform === 'linux';
  return {
    accounts: {
      'password-required': known({ blank: 'none' }),
      guest: known({ enabled: draw(0.01) }),
      unexpected: known({ accounts: draw(0.03) ? 4 : 1 }),
      'shared-name': known({ generic: draw(0.02) }),
    },
    'auto-login': { off: known({ state: draw(0.02) ? 'on' : 'off' }) },
    'admin-rights': {
      'not-admin': known({ administrator: draw(0.16) }),
      elevation: known({ asks: 'asks' }),
    },
    'malware-protection': {
      active: linux
        ? known({ products: [] })
        : known({
            products: [
              {
                product: machine.platform === 'darwin' ? 'xprotect' : 'defender',
                state: draw(0.02) ? 'off' : 'active',
              },
            ],
          }),
      definitions: known({ ageHours: draw(0.03) ? 200 : 9, builtIn: machine.platform === 'darwin' }),
      'web-protection': known({ on: true }),
    },
    'os-support': {
      supported: known({
        product: machine.osName,
        release:
          machine.platform === 'darwin'
            ? (machine.osVersion ?? '').split('.')[0]
            : machine.platform === 'win32'
              ? (machine.osVersion ?? '').split('.')[2]
              : machine.osVersion,
        ...(machine.platform === 'win32' && { edition: 'consumer' }),
      }),
    },
    'os-updates': {
      automatic: known({ parts: [{ part: 'install', state: draw(0.05) ? 'off' : 'on' }], paused: 'no' }),
      pending: known(draw(0.08) ? { waiting: 3, oldestDays: 24 } : { waiting: 0 }),
      'scan-age': known({ ageHours: draw(0.03) ? 400 : 11 }),
    },
    'remote-access': { off: known({ services: [{ service: 'ssh', state: draw(0.05) ? 'on' : 'off' }] }) },
    backup: {
      recent: draw(0.1) ? known({ ageHours: null, because: 'no-destination' }) : known({ ageHours: 20 }),
      encrypted: known({ encrypted: true }),
    },
  };
}

const parts = {
  darwin: ['sip', 'authenticated-root', 'sealed-system'],
  win32: ['secure-boot', 'tpm'],
  linux: ['secure-boot-or-lockdown', 'access-control'],
} as const;

/** What is seldom wrong. */
function rarities(machine: Machine, draw: Draw): Record<string, Answers> {
  return {
    'app-updates': { pending: known({ apps: [] }), unsupported: known({ products: [] }) },
    'platform-integrity': {
      integrity: known({ parts: parts[machine.platform].map((part) => ({ part, state: 'on' })) }),
      'trusted-sources': known({ enforced: !draw(0.02) }),
    },
    'file-sharing': { off: known({ kinds: [{ kind: 'files', state: draw(0.03) ? 'on' : 'off' }] }) },
    'wifi-security': {
      security: draw.anyway(0.6)
        ? known({ security: draw(0.03) ? 'open' : 'wpa2-aes', vpn: 'no' })
        : notApplicable('not-connected'),
      'vpn-untrusted': known({ openNetwork: 'no', vpn: 'no' }),
    },
    'wired-preferred': { wired: known({ wifiUp: true, wiredUp: draw.anyway(0.2) }) },
    'legacy-tls': { off: known({ versions: [{ version: 'tls-1.0', state: 'off' }] }) },
    'cloud-sync': {
      approved: known({ clients: draw(0.05) ? ['dropbox'] : [] }),
      'desktop-sync': known({ clients: [] }),
    },
    'password-manager': {
      present: known({ found: draw.anyway(0.8) ? 'catalogue' : 'none', asked: fingerprint([]) }),
    },
    'ssh-keys': { protected: known({ protected: 1, plain: draw(0.06) ? 1 : 0 }) },
    'trash-cleanup': { automatic: known({ parts: [{ part: 'trash', state: 'off' }] }) },
    'time-sync': { synchronized: known({ service: draw(0.02) ? 'off' : 'on', synchronized: 'yes' }) },
    'security-log': { retained: known({ days: 90, basis: 'oldest-record' }) },
    'required-apps': { present: known({ wanted: 0, missing: 0, asked: fingerprint([]) }) },
    'device-management': {
      managed: known({ enrolled: draw.anyway(0.7) }),
      'lost-mode': known({ capable: true }),
    },
  };
}

/** What such a machine reports. `trouble` scales how often something is not as it should be: 0 never, 1 as in life. */
export function sampleFacts(machine: Machine, random: () => number, trouble = 1): Facts {
  const draw = Object.assign((chance: number) => random() < chance * trouble, {
    anyway: (chance: number) => random() < chance,
  });
  return {
    'screen-lock': screenLock(machine, draw),
    'disk-encryption': diskEncryption(machine, draw),
    'password-policy': passwordPolicy(machine, draw),
    firewall: firewall(machine, draw),
    'removable-media': removableMedia(draw),
    ...others(machine, draw),
    ...rarities(machine, draw),
  } as Facts;
}
