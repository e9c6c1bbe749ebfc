import { type Answer, known } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { settled } from '../../readings/win32/settled.ts';
import { flag, integer, object, text } from '../../readings/win32/values.ts';
import { readRows } from '../../readings/win32/wmi.ts';

type State = 'on' | 'off' | 'absent' | 'unknown';

const legacyBios = 1;

/** Secure Boot. The key is not there on machines that start by legacy BIOS, which cannot have it. */
async function readSecureBoot(sources: Sources): Promise<State> {
  const state = await readSettings(sources, 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State');
  const enabled = state.dword('UEFISecureBootEnabled', 1);
  if (enabled !== undefined) return enabled === 1 ? 'on' : 'off';
  const what = 'GetFirmwareType';
  const { type } = object(await sources.win32(what, []), what);
  if (integer(type, what, 0, 3) === legacyBios) return 'absent';
  throw new SourceError('missing', 'UEFISecureBootEnabled: not there');
}

/** TBS_E_TPM_NOT_FOUND. */
const noTpm = '0x8028400f';

async function fromBaseServices(sources: Sources): Promise<State> {
  const what = 'Tbsi_GetDeviceInfo';
  let answer: unknown;
  try {
    answer = await sources.win32(what, []);
  } catch (error) {
    if (error instanceof SourceError && error.code.toLowerCase() === noTpm) return 'absent';
    throw error;
  }
  // Version 1 is TPM 1.2, which Windows 11 no longer counts.
  return integer(object(answer, what)['tpmVersion'], what, 1, 2) === 2 ? 'on' : 'absent';
}

/** Administrators only. */
async function fromWmi(sources: Sources): Promise<State> {
  const what = 'Win32_Tpm';
  const [tpm] = await readRows(
    sources,
    'SELECT SpecVersion, IsEnabled_InitialValue, IsActivated_InitialValue FROM Win32_Tpm',
    'root\\cimv2\\Security\\MicrosoftTpm',
  );
  if (tpm === undefined) return 'absent';
  const version = /^(\d+)\.\d+/.exec(text(tpm['SpecVersion'], what))?.[1];
  if (version === undefined) throw new SourceError('unparseable', `${what}: unexpected answer`);
  if (Number(version) < 2) return 'absent';
  return flag(tpm['IsEnabled_InitialValue'], what) && flag(tpm['IsActivated_InitialValue'], what)
    ? 'on'
    : 'off';
}

type Integrity = { parts: { part: 'secure-boot' | 'tpm'; state: State }[] };

async function readIntegrity(sources: Sources): Promise<Answer<Integrity>> {
  const boot = await settled(readSecureBoot(sources));
  const tpm = await settled(
    firstOf(
      () => fromBaseServices(sources),
      () => fromWmi(sources),
    ),
  );
  const bad = [boot, tpm].some((state) => state === 'off' || state === 'absent');
  // With nothing bad in sight, the reason why a part is dark says more than "unknown".
  for (const state of [boot, tpm]) if (state instanceof SourceError && !bad) throw state;
  return known({
    parts: [
      { part: 'secure-boot', state: boot instanceof SourceError ? 'unknown' : boot },
      { part: 'tpm', state: tpm instanceof SourceError ? 'unknown' : tpm },
    ],
  });
}

const smartScreenWords: Readonly<Record<string, boolean>> = {
  off: false,
  on: true,
  warn: true,
  prompt: true,
  block: true,
  requireadmin: true,
};
const appSourceWords = ['anywhere', 'recommendations', 'preferstore', 'storeonly'];

type Trusted = { enforced: boolean; by: 'smartscreen' | 'store-only' };

/** SmartScreen for programs: policy over the machine's own switch, on where nothing is set; or programs from the Store only. */
async function readTrustedSources(sources: Sources): Promise<Answer<Trusted>> {
  const smartScreen = async (): Promise<Answer<Trusted>> => {
    const policy = (
      await readSettings(sources, 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\System')
    ).dword('EnableSmartScreen', 2);
    if (policy !== undefined) return known({ enforced: policy !== 0, by: 'smartscreen' }, 'policy');
    const word = (await readExplorer(sources)).string('SmartScreenEnabled')?.toLowerCase();
    if (word === undefined) return known({ enforced: true, by: 'smartscreen' }, 'default');
    const enforced = smartScreenWords[word];
    if (enforced === undefined) throw new SourceError('unparseable', 'SmartScreenEnabled: unexpected answer');
    return known({ enforced, by: 'smartscreen' }, 'user');
  };
  const filtered = await settled(smartScreen());
  if (!(filtered instanceof SourceError) && 'value' in filtered && filtered.value.enforced) return filtered;
  const source = (await readExplorer(sources)).string('AicEnabled')?.toLowerCase();
  if (source === 'storeonly') return known({ enforced: true, by: 'store-only' });
  if (filtered instanceof SourceError) throw filtered;
  if (source !== undefined && !appSourceWords.includes(source)) {
    throw new SourceError('unparseable', 'AicEnabled: unexpected answer');
  }
  return filtered;
}

function readExplorer(sources: Sources) {
  return readSettings(sources, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer');
}

/** Secure Boot, TPM 2.0 and SmartScreen. Windows 10 and 11. */
export const win32: PointProbes<'platform-integrity'> = {
  integrity: readIntegrity,
  'trusted-sources': readTrustedSources,
};
