import { type Answer, known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { soleMatch } from '../../readings/darwin/lines.ts';
import { managedForPerson, managedValue } from '../../readings/darwin/managed.ts';
import { isDictionary, readPropertyList, switchIn, textIn } from '../../readings/darwin/property-list.ts';
import { serviceState } from '../../readings/darwin/services.ts';
import { told } from '../../readings/darwin/told.ts';

/** Printer sharing: `cupsctl` writes `_share_printers=0`. macOS 12 to 27. Throws SourceError. */
async function sharesPrinters(sources: Sources): Promise<boolean> {
  const { stdout } = await sources.command(['/usr/sbin/cupsctl']);
  return soleMatch(stdout, /^_share_printers=([01])$/, 'cupsctl')[1] === '1';
}

async function sharesInternet(sources: Sources): Promise<boolean> {
  if (await managedValue(sources, 'com.apple.MCX', 'forceInternetSharingOff', switchIn)) return false;
  const list = await readPropertyList(
    sources,
    '/Library/Preferences/SystemConfiguration/com.apple.nat.plist',
  );
  const nat = list?.['NAT'];
  if (nat === undefined) return false;
  if (!isDictionary(nat)) throw unparseable('com.apple.nat');
  return switchIn(nat, 'Enabled') ?? false;
}

async function sharesMedia(sources: Sources): Promise<boolean> {
  const path = '/Users/user/Library/Preferences/com.apple.amp.mediasharingd.plist';
  const list = (await readPropertyList(sources, path)) ?? {};
  const keys = ['home-sharing-enabled', 'public-sharing-enabled'];
  return keys.map((key) => switchIn(list, key)).includes(true);
}

/** AirDrop from everyone. Contacts only is how Apple ships it. */
async function takesFromEveryone(sources: Sources): Promise<boolean> {
  const allowed = await managedForPerson(
    sources,
    'com.apple.applicationaccess',
    'allowAirDrop',
    switchIn,
    (a, b) => a || b,
  );
  if (allowed === false) return false;
  const list = await readPropertyList(sources, '/Users/user/Library/Preferences/com.apple.sharingd.plist');
  const mode = list && textIn(list, 'DiscoverableMode');
  if (mode === undefined || mode === 'Contacts Only' || mode === 'Off') return false;
  if (mode === 'Everyone') return true;
  throw unparseable('com.apple.sharingd');
}

async function sharesByBluetooth(sources: Sources): Promise<boolean> {
  const { stdout, exitCode } = await sources.command(
    ['/usr/bin/defaults', '-currentHost', 'read', 'com.apple.Bluetooth', 'PrefKeyServicesEnabled'],
    { as: 'user' },
  );
  if (exitCode === 1 && stdout.trim() === '') return false;
  const value = /^([01])\n$/.exec(stdout)?.[1];
  if (exitCode !== 0 || value === undefined) throw unparseable('defaults');
  return value === '1';
}

type Kind = { kind: 'files' | 'printers' | 'media' | 'internet' | 'airdrop' | 'bluetooth'; state: State };
type State = 'on' | 'off' | 'unknown';

async function stateOf(read: Promise<boolean>): Promise<State> {
  const on = await told(read);
  return on === undefined ? 'unknown' : on ? 'on' : 'off';
}

export const darwin: PointProbes<'file-sharing'> = {
  async off(sources): Promise<Answer<{ kinds: Kind[] }>> {
    const machine: Kind[] = [
      { kind: 'files', state: await serviceState(sources, 'com.apple.smbd', 445) },
      { kind: 'printers', state: await stateOf(sharesPrinters(sources)) },
      { kind: 'internet', state: await stateOf(sharesInternet(sources)) },
    ];
    // What a person shares is off with that person.
    const gone: Kind[] = (['media', 'airdrop', 'bluetooth'] as const).map((kind) => ({ kind, state: 'off' }));
    const own: Kind[] =
      sources.user === null
        ? gone
        : [
            { kind: 'media', state: await stateOf(sharesMedia(sources)) },
            { kind: 'airdrop', state: await stateOf(takesFromEveryone(sources)) },
            { kind: 'bluetooth', state: await stateOf(sharesByBluetooth(sources)) },
          ];
    const kinds = [...machine, ...own];
    if (kinds.every(({ state }) => state === 'unknown'))
      throw new SourceError('missing', 'nothing that could be shared was read', 'not-read');
    return known({ kinds });
  },
};
