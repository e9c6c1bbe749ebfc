import { firstOf, SourceError, type Sources } from '../../probe.ts';
import { readSettings } from './registry.ts';
import { flag, integer, object } from './values.ts';

export type PowerSource = 'mains' | 'battery';

/** What kinds of sleep the machine knows, and whether it can run on a battery. */
export interface PowerCapabilities {
  /** Modern Standby: it sleeps whenever the display goes off. */
  readonly modernStandby: boolean;
  /** Classic sleep. */
  readonly s3: boolean;
  readonly battery: boolean;
}

/** From CallNtPowerInformation(SystemPowerCapabilities). */
export async function readPowerCapabilities(sources: Sources): Promise<PowerCapabilities> {
  const what = 'CallNtPowerInformation';
  const answer = object(await sources.win32(what, [4]), what);
  return {
    modernStandby: flag(answer['AoAc'], what),
    s3: flag(answer['SystemS3'], what),
    battery: flag(answer['SystemBatteriesPresent'], what),
  };
}

interface PowerSetting {
  readonly subgroup: string;
  readonly setting: string;
  readonly aliases: readonly [subgroup: string, setting: string];
  readonly max: number;
}

/** Settings of the power scheme: seconds until something happens (0 = never), or a switch. */
export const powerSettings = {
  /** The display goes off. */
  displayIdle: {
    subgroup: '7516b95f-f776-4464-8c53-06167f40cc99',
    setting: '3c0bc021-c8a8-4e07-a973-6b14cbcb2b7e',
    aliases: ['SUB_VIDEO', 'VIDEOIDLE'],
    max: 0xffff_ffff,
  },
  /** The machine goes to sleep. */
  sleepIdle: {
    subgroup: '238c9fa8-0aad-41ed-83f4-97be242c8f20',
    setting: '29f6c1db-86da-48c5-9fdb-f2b67b1f44da',
    aliases: ['SUB_SLEEP', 'STANDBYIDLE'],
    max: 0xffff_ffff,
  },
  /** A password is asked on waking. Often hidden on Modern Standby. */
  passwordOnWake: {
    subgroup: 'fea3413e-7e05-4911-9a71-700331f1c294',
    setting: '0e796bdb-100d-47d6-a2d5-f7d2daa51f51',
    aliases: ['SUB_NONE', 'CONSOLELOCK'],
    max: 1,
  },
} as const satisfies Record<string, PowerSetting>;

/**
 * The two values (mains, battery) at the end of `powercfg /query`. Its words are translated; the last two lines each end
 * in a hexadecimal number. Without them the setting is not exposed, and nothing is known.
 */
export function parsePowercfg(stdout: string): { mains: number; battery: number } {
  const lines = stdout.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [mains, battery] = lines.slice(-2).map((line) => /(?:^|\s)0x([0-9a-f]{8})\s*$/i.exec(line)?.[1]);
  if (mains === undefined || battery === undefined) {
    throw new SourceError('missing', 'powercfg.exe: the setting is not exposed', 'not-exposed');
  }
  return { mains: Number.parseInt(mains, 16), battery: Number.parseInt(battery, 16) };
}

async function fromPowercfg(sources: Sources, setting: PowerSetting, power: PowerSource): Promise<number> {
  const { stdout, exitCode } = await sources.command([
    'powercfg.exe',
    '/query',
    'SCHEME_CURRENT',
    ...setting.aliases,
  ]);
  if (exitCode !== 0) throw new SourceError('failed', 'powercfg.exe: failed', String(exitCode));
  return integer(parsePowercfg(stdout)[power], 'powercfg.exe', 0, setting.max);
}

/** What a policy says of a power setting; undefined = no policy sets it. */
export async function readPowerPolicy(
  sources: Sources,
  name: keyof typeof powerSettings,
  power: PowerSource,
): Promise<number | undefined> {
  const setting: PowerSetting = powerSettings[name];
  const policy = await readSettings(
    sources,
    `HKLM\\SOFTWARE\\Policies\\Microsoft\\Power\\PowerSettings\\${setting.setting}`,
  );
  return policy.dword(power === 'mains' ? 'ACSettingIndex' : 'DCSettingIndex', setting.max);
}

/** A power setting of the active scheme, else by powercfg. SourceError where this machine does not expose it. */
export async function readPowerScheme(
  sources: Sources,
  name: keyof typeof powerSettings,
  power: PowerSource,
): Promise<number> {
  const setting: PowerSetting = powerSettings[name];
  const call = power === 'mains' ? 'PowerReadACValueIndex' : 'PowerReadDCValueIndex';
  return firstOf(
    async () => {
      const { value } = object(await sources.win32(call, [setting.subgroup, setting.setting]), call);
      return integer(value, call, 0, setting.max);
    },
    () => fromPowercfg(sources, setting, power),
  );
}

/** A power setting in force: the policy where one is set, else the active scheme. */
export async function readPowerSetting(
  sources: Sources,
  name: keyof typeof powerSettings,
  power: PowerSource,
): Promise<{ value: number; byPolicy: boolean }> {
  const enforced = await readPowerPolicy(sources, name, power);
  if (enforced !== undefined) return { value: enforced, byPolicy: true };
  return { value: await readPowerScheme(sources, name, power), byPolicy: false };
}
