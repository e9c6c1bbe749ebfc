import { known } from '../../../shared/answer.ts';
import {
  absentAsUndefined,
  firstOf,
  type PointProbes,
  SourceError,
  type Sources,
  unparseable,
} from '../../probe.ts';
import { answered, orUndefined, refusal } from '../../readings/linux/answered.ts';
import { unsignedSources } from '../../readings/linux/package-sources.ts';

type State = 'on' | 'off' | 'custom' | 'absent' | 'unknown';

const efiVariables = '/sys/firmware/efi/efivars/';

/**
 * `mokutil --sb-state`: `SecureBoot enabled`, also with `SecureBoot validation is disabled in shim` or `Platform is in Setup Mode`,
 * which take it back; `EFI variables are not supported` on a legacy BIOS.
 */
async function byMokutil(sources: Sources): Promise<State> {
  const result = await sources.command(['mokutil', '--sb-state']);
  const { stdout, stderr, exitCode } = result;
  const text = `${stdout}\n${stderr}`;
  if (/EFI variables are not supported|doesn't support Secure Boot/.test(text)) return 'absent';
  if (exitCode !== 0) throw refusal('mokutil', result);
  if (/^SecureBoot disabled/m.test(stdout)) return 'off';
  if (!/^SecureBoot enabled\s*$/m.test(stdout)) throw unparseable('mokutil');
  // Any further line takes something of it back.
  const more = text.split('\n').filter((line) => line.trim() !== '' && !/^SecureBoot enabled\s*$/.test(line));
  if (more.length === 0) return 'on';
  if (more.some((line) => /validation is disabled in shim|Setup Mode/i.test(line))) return 'off';
  throw unparseable('mokutil');
}

/** The variables themselves: four bytes of attributes, then the value. Throws SourceError; ENOENT of the folder is a legacy BIOS. */
async function byEfiVariables(sources: Sources): Promise<State> {
  const firmware = await absentAsUndefined(sources.directory('/sys/firmware/efi'));
  if (firmware === undefined) return 'absent';
  if (!firmware.includes('efivars')) throw new SourceError('missing', 'efivars', 'ENOENT');
  const on = await efiFlag(sources, 'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c');
  if (on === undefined) throw new SourceError('missing', 'SecureBoot', 'ENOENT');
  if (!on) return 'off';
  const takenBack = await Promise.all([
    efiFlag(sources, 'SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c'),
    efiFlag(sources, 'MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23'),
  ]);
  return takenBack.includes(true) ? 'off' : 'on';
}

async function efiFlag(sources: Sources, name: string): Promise<boolean | undefined> {
  const bytes = await absentAsUndefined(sources.fileBytes(efiVariables + name));
  if (bytes === undefined) return undefined;
  const value = bytes[4];
  if (bytes.length !== 5 || (value !== 0 && value !== 1)) throw unparseable(name.slice(0, name.indexOf('-')));
  return value === 1;
}

/** /sys/kernel/security/lockdown: `none [integrity] confidentiality`; the bracket is in force. A kernel that cannot has no such file. */
async function isLockedDown(sources: Sources): Promise<boolean> {
  const text = await absentAsUndefined(sources.file('/sys/kernel/security/lockdown'));
  if (text === undefined) return false;
  const inForce = /\[(none|integrity|confidentiality)\]/.exec(text);
  if (inForce === null) throw unparseable('lockdown');
  return inForce[1] !== 'none';
}

/** Secure Boot, or a kernel that locks itself down without it. */
async function bootState(sources: Sources): Promise<State> {
  const lockdown = await orUndefined(isLockedDown(sources));
  if (lockdown === true) return 'on';
  const secureBoot = await orUndefined(
    firstOf(
      () => byMokutil(sources),
      () => byEfiVariables(sources),
    ),
  );
  if (secureBoot === 'on') return 'on';
  // Either of the two would do: that both are missing has to be known of both.
  return secureBoot === undefined || lockdown === undefined ? 'unknown' : secureBoot;
}

/** SELinux by /sys/fs/selinux/enforce, else `getenforce`; AppArmor by its switch and the list of modules in force. */
async function accessControl(sources: Sources): Promise<State> {
  const selinux = await orUndefined(
    firstOf(
      () => selinuxByKernel(sources),
      () => selinuxByCommand(sources),
    ),
  );
  if (selinux === 'on') return 'on';
  const apparmor = await orUndefined(isApparmorOn(sources));
  if (apparmor === true) return 'on';
  if (selinux === 'custom') return 'custom';
  return apparmor === false && selinux === 'off' ? 'off' : 'unknown';
}

async function selinuxByKernel(sources: Sources): Promise<State> {
  const text = (await absentAsUndefined(sources.file('/sys/fs/selinux/enforce')))?.trim();
  // A kernel without SELinux, or with it switched off, has no such file.
  if (text === undefined) return 'off';
  if (text !== '0' && text !== '1') throw unparseable('selinux/enforce');
  return text === '1' ? 'on' : 'custom';
}

async function selinuxByCommand(sources: Sources): Promise<State> {
  const states = { Enforcing: 'on', Permissive: 'custom', Disabled: 'off' } as const;
  const word = (await answered(sources, ['getenforce'])).stdout.trim();
  if (!Object.hasOwn(states, word)) throw unparseable('getenforce');
  return states[word as keyof typeof states];
}

async function isApparmorOn(sources: Sources): Promise<boolean> {
  const enabled = await absentAsUndefined(sources.file('/sys/module/apparmor/parameters/enabled'));
  if (enabled === undefined || enabled.trim() === 'N') return false;
  if (enabled.trim() !== 'Y') throw unparseable('apparmor');
  const modules = (await sources.file('/sys/kernel/security/lsm')).trim().split(',');
  return modules.includes('apparmor');
}

/** Secure Boot or lockdown, and a mandatory access control that enforces. */
export const linux: PointProbes<'platform-integrity'> = {
  async integrity(sources) {
    const [boot, control] = await Promise.all([bootState(sources), accessControl(sources)]);
    return known({
      parts: [
        { part: 'secure-boot-or-lockdown', state: boot },
        { part: 'access-control', state: control },
      ],
    });
  },
  async 'trusted-sources'(sources) {
    const unsigned = await unsignedSources(sources);
    return known({ enforced: unsigned === 0, by: 'signed-repositories', unsignedSources: unsigned });
  },
};
