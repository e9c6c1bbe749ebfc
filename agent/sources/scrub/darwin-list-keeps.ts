import { isDictionary, type PropertyListValue } from '../../readings/darwin/property-list.ts';
import { type Keeps, kept } from './darwin-lists.ts';
import { type MacNames, redacted } from './darwin-names.ts';

const uuid = /[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}/gi;
/** Apple's fixed identifiers: of the kinds of recovery user and of an APFS container. */
const constants = /^(?:EBC6C064|C064EBC6|64C0C6EB|EF57347C)-0000-11AA-AA11-00306543ECAC$/i;
const device = /^disk\d{1,4}(?:s\d{1,4}){0,3}$/;
const content = (value: PropertyListValue) =>
  typeof value === 'string' && (/^[A-Za-z0-9_ ]{0,40}$/.test(value) || constants.test(value))
    ? value
    : redacted;
const plainVersion = /^[0-9]{1,6}(?:\.[0-9]{1,6}){0,4}$/;
const updateId = /^MSU_UPDATE_[0-9A-Za-z]+_[A-Za-z0-9._-]*_(?:minor|major)$/;

const screenSaver = { idleTime: true, askForPassword: true, askForPasswordDelay: true } as const;
const fiveSwitches = {
  AutomaticCheckEnabled: true,
  AutomaticDownload: true,
  AutomaticallyInstallMacOSUpdates: true,
  CriticalUpdateInstall: true,
  ConfigDataInstall: true,
} as const;

/** An identifier of another form than Apple's keeps only how it ends: that is what counts. */
function updateName(value: PropertyListValue): string {
  if (typeof value !== 'string') return redacted;
  return updateId.test(value) ? value : `${redacted}${/_(?:minor|major)$/.exec(value)?.[0] ?? ''}`;
}

/** Since when each update is on offer; the oldest where two have the same name now. */
function offers(value: PropertyListValue): unknown {
  if (!isDictionary(value)) return undefined;
  const kept = new Map<string, Date>();
  for (const [id, when] of Object.entries(value)) {
    const before = kept.get(updateName(id));
    if (when instanceof Date && (before === undefined || when < before)) kept.set(updateName(id), when);
  }
  return Object.fromEntries(kept);
}

const safari = { WarnAboutFraudulentWebsites: true } as const;
const cloudRules = {
  allowCloudDocumentSync: true,
  allowCloudDesktopAndDocuments: true,
  allowAirDrop: true,
} as const;

/** Settings of device management: for the computer, and those that may also be the person's. */
export const managedKeeps: Readonly<Record<string, { readonly keeps: Keeps; readonly person?: true }>> = {
  'com.apple.loginwindow': {
    keeps: { 'com.apple.login.mcx.DisableAutoLoginClient': true, RetriesUntilHint: true },
  },
  'com.apple.MCX': {
    keeps: {
      DisableGuestAccount: true,
      EnableGuestAccount: true,
      forceInternetSharingOff: true,
      dontAllowFDEDisable: true,
    },
  },
  'com.apple.screensaver': { keeps: screenSaver, person: true },
  'com.apple.mobiledevice.passwordpolicy': {
    keeps: { maxInactivity: true, maxGracePeriod: true },
    person: true,
  },
  'com.apple.security.firewall': {
    keeps: { EnableFirewall: true, BlockAllIncoming: true, EnableStealthMode: true },
  },
  'com.apple.systempolicy.control': { keeps: { EnableAssessment: true, AllowIdentifiedDevelopers: true } },
  'com.apple.SoftwareUpdate': { keeps: fiveSwitches },
  'com.apple.timed': { keeps: { TMAutomaticTimeOnlyEnabled: true } },
  'com.apple.applicationaccess': { keeps: cloudRules, person: true },
  'com.apple.systemuiserver': {
    keeps: {
      'mount-controls': {
        'harddisk-external': (value) => {
          const word = /^(?:alert|authenticate|deny|eject|read-only)$/;
          const words = (Array.isArray(value) ? value : [value]).filter(
            (item) => typeof item === 'string' && word.test(item),
          );
          return Array.isArray(value) ? words : (words[0] ?? redacted);
        },
      },
    },
    person: true,
  },
  'com.apple.Safari': { keeps: safari, person: true },
};

const gatekeeper = { enabled: /^(?:yes|no)$/ } as const;

/** Property list files beside those of device management, and what stays of each. */
export const fileKeeps: Readonly<Record<string, Keeps>> = {
  '/System/Library/CoreServices/SystemVersion.plist': {
    ProductVersion: plainVersion,
    ProductBuildVersion: /^\d{2}[A-Z]\d{1,5}[a-z]?$/,
  },
  '/Library/Preferences/com.apple.loginwindow.plist': {
    GuestEnabled: true,
    RetriesUntilHint: true,
    autoLoginUser: 'presence',
  },
  '/Library/Preferences/com.apple.alf.plist': { globalstate: true, stealthenabled: true },
  '/var/db/SystemPolicyConfiguration/SystemPolicy-prefs.plist': gatekeeper,
  '/var/db/SystemPolicy-prefs.plist': gatekeeper,
  '/Library/Preferences/com.apple.SoftwareUpdate.plist': {
    ...fiveSwitches,
    LastSuccessfulDate: true,
    LastFullSuccessfulDate: true,
    FirstOfferDateDictionary: offers,
    RecommendedUpdates: [
      {
        Identifier: updateName,
        'Display Version': (value) =>
          typeof value === 'number' || (typeof value === 'string' && plainVersion.test(value))
            ? value
            : redacted,
      },
    ],
  },
  '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist': {
    SUCorePersistedStatePolicyFields: {
      SUCoreDDMDeclarationGlobalSettings: {
        automaticallyDownload: true,
        automaticallyInstallOSUpdates: true,
        automaticallyInstallSystemAndSecurityUpdates: true,
      },
    },
  },
  '/Library/Preferences/com.apple.TimeMachine.plist': {
    AutoBackup: true,
    Destinations: [
      {
        DestinationID: 'presence',
        SnapshotDates: [true],
        LastKnownEncryptionState: /^(?:Encrypted|NotEncrypted|FileVault)$/,
        DiskImageKeychainUUID: 'presence',
      },
    ],
  },
  '/Library/Preferences/SystemConfiguration/com.apple.nat.plist': { NAT: { Enabled: true } },
  '/Users/user/Library/Preferences/MobileMeAccounts.plist': {
    Accounts: [{ Services: [{ Name: /^[A-Z_]{1,40}$/, Enabled: true }] }],
  },
  '/Users/user/Library/Preferences/com.apple.finder.plist': {
    FXICloudDriveDesktop: true,
    FXICloudDriveDocuments: true,
    FXRemoveOldTrashItems: true,
  },
  '/Users/user/Library/Preferences/com.apple.sharingd.plist': {
    DiscoverableMode: /^(?:Everyone|Contacts Only|Off)$/,
  },
  '/Users/user/Library/Preferences/com.apple.amp.mediasharingd.plist': {
    'home-sharing-enabled': true,
    'public-sharing-enabled': true,
  },
  '/Users/user/Library/Containers/com.apple.Safari/Data/Library/Preferences/com.apple.Safari.plist': safari,
};

/** Of an application of the catalogue, or one the policy names. */
export const applicationKeeps: Keeps = {
  CFBundleIdentifier: /^[A-Za-z0-9.-]{1,100}$/,
  CFBundleShortVersionString: plainVersion,
};

const partition = { DeviceIdentifier: device, Content: content, MountPoint: 'mountPoint' } as const;
const word = /^[A-Za-z]{1,20}$/;

/** Conditions and expressions of password rules: names Apple gives, numbers and sets; any other word may be the company's. */
function condition(value: PropertyListValue): string {
  if (typeof value !== 'string') return redacted;
  return value
    .replace(uuid, redacted)
    .replace(/'[^']*'|"[^"]*"/g, (quoted) =>
      quoted.replace(/[A-Za-z]{3,}/g, (text) => 'x'.repeat(text.length)),
    )
    .replace(
      /<redacted>|(['"])[^'"]*\1|\b(?!policyAttribute|autoEnableInSeconds|matches|none|in|AND|OR|NOT|ANY|ALL|SELF)[A-Za-z_]\w*/g,
      (text, quote) => (quote === undefined ? redacted : text),
    );
}

function ruleId(value: PropertyListValue): string {
  if (typeof value !== 'string') return redacted;
  const profile = /^ProfilePayload:.*:(\w{1,40})$/.exec(value)?.[1];
  if (profile !== undefined) return `ProfilePayload:${redacted}:${profile}`;
  return /^com\.apple\.[\w.]{1,60}$/.test(value) ? value : redacted;
}

const numbersOnly = (value: PropertyListValue) =>
  isDictionary(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          ([key, item]) =>
            typeof item === 'number' && /^(?:policyAttribute\w+|autoEnableInSeconds|minimum\w+)$/.test(key),
        ),
      )
    : undefined;
const rules = [
  { policyContent: condition, policyIdentifier: ruleId, policyParameters: numbersOnly },
] as const;

/** How an account can be used to sign in, as tags; what stands behind a tag names people and servers. */
const authority = (value: PropertyListValue) =>
  (
    String(value).match(/;(?:ShadowHash|SecureToken|LocalCachedUser|DisabledUser|basic);/g) ?? [redacted]
  ).join('');
const account = (value: PropertyListValue, names: MacNames) => names.account(String(value));

/** Accounts without the services' own, whose names begin with `_`. */
function records(value: PropertyListValue, names: MacNames): unknown {
  const attribute = (name: string) => `dsAttrTypeStandard:${name}`;
  if (!Array.isArray(value)) return [];
  return value
    .filter(isDictionary)
    .filter((record) => {
      const name = record[attribute('RecordName')];
      return !(Array.isArray(name) && String(name[0]).startsWith('_'));
    })
    .map((record) => {
      // Further names of an account are its person's too.
      const name = record[attribute('RecordName')];
      const first = {
        ...record,
        [attribute('RecordName')]: Array.isArray(name) ? name.slice(0, 1) : undefined,
      };
      return kept(
        first,
        {
          [attribute('RecordName')]: [account],
          [attribute('UniqueID')]: [/^-?\d{1,10}$/],
          [attribute('UserShell')]: [/^\/(?:usr\/)?s?bin\/[a-z]{1,12}$/],
          [attribute('AuthenticationAuthority')]: [authority],
        },
        names,
      );
    });
}

/** Commands that answer with a property list. */
export const commandKeeps: Readonly<Record<string, Keeps>> = {
  'diskutil apfs list -plist': {
    Containers: [
      {
        ContainerReference: device,
        Volumes: [
          {
            DeviceIdentifier: device,
            Roles: [word],
            FileVault: true,
            CryptoMigrationOn: true,
            Locked: true,
          },
        ],
      },
    ],
  },
  'diskutil list -plist': {
    AllDisksAndPartitions: [
      {
        ...partition,
        Partitions: [partition],
        APFSVolumes: [partition],
        APFSPhysicalStores: [{ DeviceIdentifier: device }],
      },
    ],
  },
  'diskutil info -plist': {
    DeviceIdentifier: device,
    ParentWholeDisk: device,
    WholeDisk: true,
    Content: content,
    MountPoint: 'mountPoint',
    FilesystemType: /^[a-z0-9_]{1,16}$/,
    BusProtocol:
      /^(?:Apple Fabric|Disk Image|FireWire|NVMe|PCI|PCI-Express|SATA|Secure Digital|Thunderbolt|USB|Virtual Interface)$/,
    Internal: true,
    RemovableMedia: true,
    RemovableMediaOrExternalDevice: true,
    WritableVolume: true,
    FileVault: true,
    Locked: true,
    Sealed: /^(?:Yes|No|Broken)$/,
  },
  'diskutil apfs listCryptoUsers -plist /': {
    Users: [{ APFSCryptoUserType: word, APFSCryptoUserUUID: constants }],
  },
  'pwpolicy -getaccountpolicies': {
    policyCategoryAuthentication: rules,
    policyCategoryPasswordChange: rules,
    policyCategoryPasswordContent: rules,
  },
  'tmutil destinationinfo -X': {
    Destinations: [
      { ID: 'presence', DestinationID: 'presence', Kind: /^(?:Local|Network)$/, MountPoint: 'mountPoint' },
    ],
  },
  'dscl -plist . -readall /Users RecordName UniqueID UserShell AuthenticationAuthority': records,
};

const mode = /^s?pairport_security_mode_\w{1,30}$/;

/** Commands that answer with JSON. */
export const jsonKeeps: Readonly<Record<string, Keeps>> = {
  'system_profiler SPFirewallDataType -json': {
    SPFirewallDataType: [
      {
        spfirewall_globalstate: /^spfirewall_globalstate_\w{1,30}$/,
        spfirewall_stealthenabled: /^(?:Yes|No)$/,
      },
    ],
  },
  'system_profiler SPInstallHistoryDataType -json': {
    SPInstallHistoryDataType: [
      { _name: /^XProtect(?:PlistConfigData|Payloads)$/, install_date: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ },
    ],
  },
  'system_profiler SPAirPortDataType -json': {
    SPAirPortDataType: [
      {
        spairport_airport_interfaces: [
          {
            _name: /^(?:en|awdl|llw)\d{1,3}$/,
            spairport_status_information: /^spairport_status_\w{1,30}$/,
            spairport_current_network_information: { spairport_security_mode: mode },
          },
        ],
      },
    ],
  },
};
