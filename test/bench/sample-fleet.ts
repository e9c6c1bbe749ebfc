import { reportReceiver } from '../../server/ingest/receive.ts';
import type { VerifiedReport } from '../../server/storage/ingest.ts';
import type { Organization } from '../../server/storage/organizations.ts';
import type { Stores } from '../../server/storage/stores.ts';
import type { Platform } from '../../shared/answer.ts';
import { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import { SampleDevice } from '../server/sample-device.ts';

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)] as T;

const machines: Record<Platform, readonly Machine[]> = {
  darwin: [
    { platform: 'darwin', osName: 'macos', osVersion: '15.7.1' },
    { platform: 'darwin', osName: 'macos', osVersion: '26.1' },
  ],
  win32: [
    { platform: 'win32', osName: 'windows', osVersion: '10.0.26100', edition: 'Professional' },
    { platform: 'win32', osName: 'windows', osVersion: '10.0.19045', edition: 'Core' },
  ],
  linux: [
    { platform: 'linux', osName: 'ubuntu', osVersion: '24.04', desktop: 'gnome' },
    { platform: 'linux', osName: 'fedora', osVersion: '43', desktop: 'kde' },
    { platform: 'linux', osName: 'debian', osVersion: '13', desktop: 'xfce' },
  ],
};

/** A laptop such as a small company has: two thirds Windows, most of it in order. */
export const sampleMachine = (random: Random): Machine =>
  pick(random, machines[pick(random, ['win32', 'win32', 'win32', 'win32', 'darwin', 'linux'] as const)]);

/** Everything such a laptop reports. Each point goes wrong now and then, each cannot be read now and then. */
export function sampleFleetFacts(random: Random, machine: Machine): Facts {
  const bad = (share: number) => random() < share;
  const isLinux = machine.platform === 'linux';
  const sometimes = <T>(answer: T) => (bad(0.01) ? ({ unknown: 'denied' } as const) : answer);
  const v = <T>(value: T, origin?: 'policy' | 'user' | 'default') =>
    sometimes(origin === undefined ? { value } : { value, origin });
  const facts = {
    'screen-lock': {
      idle: v({ seconds: bad(0.06) ? null : pick(random, [300, 600, 900]), power: 'any' }, 'user'),
      grace: v({ seconds: bad(0.04) ? 3_600 : 5, power: 'any' }, 'user'),
    },
    'disk-encryption': {
      system: v({ state: bad(0.05) ? 'not-encrypted' : 'encrypted' }),
      'other-volumes': v({ volumes: 2, unencrypted: bad(0.03) ? 1 : 0, swap: false }),
      'recovery-key': v({ present: !bad(0.04), cloudAccountOnly: false }),
    },
    'password-policy': {
      'min-length': v({ characters: bad(0.08) ? 8 : 14 }, 'policy'),
      complexity: v({ classes: 3 }, 'policy'),
      'max-age': v({ days: null }, 'default'),
      history: v({ remembered: 5 }, 'default'),
      lockout: v({ attempts: bad(0.05) ? null : 10, lockSeconds: 900 }, 'policy'),
      hints: v({ shown: bad(0.02) }),
    },
    firewall: {
      enabled: v({
        scopes: [{ scope: 'machine', state: bad(0.05) ? 'off' : 'on' }],
        thirdParty: false,
        configuredOnly: false,
      }),
      'inbound-default': v({ scopes: [{ scope: 'machine', inbound: bad(0.03) ? 'open' : 'refused' }] }),
    },
    'removable-media': {
      unencrypted: v({ now: 0, days: bad(0.1) ? 3 : 0 }),
      'write-policy': v({ enforced: 'any', ineffectiveSetting: false }),
      autorun: v({ opens: bad(0.03) }, 'default'),
    },
    accounts: {
      'password-required': v({ blank: bad(0.01) ? 'present' : 'none' }),
      guest: v({ enabled: bad(0.02) }),
      unexpected: v({ accounts: 0 }),
      'shared-name': v({ generic: bad(0.02) }),
    },
    'auto-login': { off: v({ state: bad(0.02) ? 'on' : 'off' }) },
    'admin-rights': { 'not-admin': v({ administrator: bad(0.2) }), elevation: v({ asks: 'asks' }) },
    'malware-protection': {
      active: v({ products: [{ product: 'defender', state: bad(0.03) ? 'off' : 'active' }] }),
      definitions: v({ ageHours: bad(0.05) ? 400 : 6, builtIn: true }),
      'web-protection': v({ on: true }),
    },
    'os-support': {
      supported: v({
        product: machine.osName,
        ...(machine.osVersion !== undefined && { release: machine.osVersion.split('.')[0] }),
      }),
    },
    'os-updates': {
      automatic: v({
        parts: ['check', 'download', 'install'].map((part) => ({ part, state: bad(0.02) ? 'off' : 'on' })),
        paused: 'no',
        notifyOnly: false,
        managed: false,
      }),
      pending: v({ waiting: bad(0.1) ? 4 : 0, oldestDays: bad(0.05) ? 30 : 2, restartPending: bad(0.1) }),
      'scan-age': v({ ageHours: bad(0.03) ? 500 : 10 }),
    },
    'app-updates': {
      pending: v({
        apps: [
          { app: 'firefox', version: '145.0' },
          { app: 'chrome', version: bad(0.1) ? '130.0.6723.58' : '142.0.7444.175' },
        ],
      }),
      unsupported: v({ products: [], incomplete: false }),
    },
    'platform-integrity': {
      integrity: v({ parts: [{ part: 'secure-boot', state: bad(0.05) ? 'off' : 'on' }] }),
      'trusted-sources': v({ enforced: true, unsignedSources: 0 }),
    },
    'remote-access': {
      off: v({
        services: ['ssh', 'rdp', 'vnc'].map((service) => ({ service, state: bad(0.02) ? 'on' : 'off' })),
      }),
    },
    'file-sharing': {
      off: v({ kinds: ['files', 'printers'].map((kind) => ({ kind, state: bad(0.02) ? 'on' : 'off' })) }),
    },
    'wifi-security': {
      security: v({ security: bad(0.03) ? 'open' : 'wpa3', allSaved: false, vpn: 'no' }),
      'vpn-untrusted': v({ openNetwork: 'no', vpn: 'no' }),
    },
    'wired-preferred': { wired: v({ wifiUp: true, wiredUp: false }) },
    'legacy-tls': { off: v({ versions: [{ version: 'tls-1.0', state: 'off' }] }) },
    'cloud-sync': {
      approved: v({ clients: bad(0.05) ? ['dropbox'] : [], incomplete: false }),
      'desktop-sync': v({ clients: [], incomplete: false }),
    },
    backup: {
      recent: bad(0.3) ? { unknown: 'no-session' } : v({ ageHours: bad(0.1) ? 2_000 : 20 }),
      encrypted: v({ encrypted: true }),
      'cloud-destination': v({ target: 'share' }),
    },
    'password-manager': { present: v({ found: bad(0.2) ? 'none' : 'catalogue', asked: 0 }) },
    'ssh-keys': { protected: v({ protected: 1, plain: bad(0.05) ? 1 : 0, unknown: 0 }) },
    'trash-cleanup': { automatic: v({ parts: [{ part: 'trash', state: 'off' }] }) },
    'time-sync': { synchronized: v({ service: bad(0.01) ? 'off' : 'on', synchronized: 'yes' }) },
    'security-log': {
      retained: isLinux ? v({ days: 30, basis: 'oldest-record' }) : v({ days: null, basis: 'no-promise' }),
    },
    'required-apps': { present: v({ wanted: 0, missing: 0, unknown: 0, asked: 0 }) },
    'device-management': { managed: v({ enrolled: false }), 'lost-mode': v({ capable: false }) },
  };
  // What the bench sends is what an agent could send: the closed schema says so.
  return Facts.parse(facts);
}

/** The same facts with the firewall switched the other way: the smallest real change. */
export function withFirewall(facts: Facts, state: 'on' | 'off'): Facts {
  return {
    ...facts,
    firewall: {
      ...facts.firewall,
      enabled: {
        value: { scopes: [{ scope: 'machine', state }], thirdParty: false, configuredOnly: false },
      },
    },
  };
}

/** Enrolls so many devices and has each report once, through the same code as over the network but for the socket. */
export async function seedFleet(
  stores: Stores,
  organization: Organization,
  count: number,
  random: Random,
): Promise<readonly SampleDevice[]> {
  const receive = reportReceiver(stores);
  const devices: SampleDevice[] = [];
  let group: VerifiedReport[] = [];
  const now = new Date();
  for (let index = 0; index < count; index += 1) {
    const machine = sampleMachine(random);
    const device = new SampleDevice(machine);
    const code = await stores.enrollments.create(
      {
        organization: organization.number,
        owner: random() < 0.97 ? 'company' : 'not-declared',
        expiresAt: new Date(now.getTime() + 60_000),
      },
      'console',
      now,
    );
    const { publicKey } = device;
    const enrolled = await stores.enrollments.enroll(
      { code, publicKey, agent: '0.1.0', machine, noticeVersion: '1' },
      now,
    );
    if (enrolled === undefined) throw new Error('not enrolled');
    device.id = enrolled.device;
    devices.push(device);
    // One in fifty was enrolled and never reported.
    if (random() < 0.02) continue;
    group.push(await receive(device.full(sampleFleetFacts(random, machine)), now));
    if (group.length === 200) {
      await stores.ingest.keep(group);
      group = [];
    }
  }
  if (group.length > 0) await stores.ingest.keep(group);
  return devices;
}
