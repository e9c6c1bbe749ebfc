/**
 * What a recording of a Windows machine may keep, read by read. Whatever is not named here never enters a recording. `<SID>`
 * stands for each person signed in.
 */

interface KeptKey {
  readonly key: string;
  readonly keeps?: readonly string[];
  /** Values whose being there matters, and whose data is nobody's business. */
  readonly presence?: readonly string[];
  /** Which subkeys stay: renamed to numbers, SIDs of people, programs of the catalogue. None where left out. */
  readonly subkeys?: 'numbered' | 'people' | 'programs';
  /** The key's own values stay only for programs of the catalogue. */
  readonly program?: true;
}

const firewallProfile = { keeps: ['EnableFirewall', 'DefaultInboundAction'] };
const powerPolicy = { keeps: ['ACSettingIndex', 'DCSettingIndex'] };
const start = { keeps: ['Start'] };
const saver = ['ScreenSaveActive', 'ScreenSaverIsSecure', 'ScreenSaveTimeOut', 'SCRNSAVE.EXE'];
const uninstall = ['Microsoft', 'WOW6432Node\\Microsoft'].map(
  (view) => `HKLM\\SOFTWARE\\${view}\\Windows\\CurrentVersion\\Uninstall`,
);
const each = (keys: readonly string[], rest: Omit<KeptKey, 'key'>): KeptKey[] =>
  keys.map((key) => ({ key, ...rest }));

export const registryKeeps: readonly KeptKey[] = [
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion',
    keeps: ['CurrentBuildNumber', 'UBR', 'EditionID', 'DisplayVersion', 'ProductName'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform\\ESU',
    keeps: ['Win10CommercialW365ESUEligible'],
  },
  { key: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo', subkeys: 'numbered' },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System',
    keeps: ['InactivityTimeoutSecs', 'EnableLUA', 'ConsentPromptBehaviorAdmin'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\DeviceLock',
    keeps: ['DevicePasswordEnabled', 'MaxInactivityTimeDeviceLock'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
    keeps: ['ScreenSaverGracePeriod', 'AutoAdminLogon', 'AutoLogonCount'],
    presence: ['DefaultPassword'],
  },
  ...each(
    [
      '3c0bc021-c8a8-4e07-a973-6b14cbcb2b7e',
      '29f6c1db-86da-48c5-9fdb-f2b67b1f44da',
      '0e796bdb-100d-47d6-a2d5-f7d2daa51f51',
    ].map((setting) => `HKLM\\SOFTWARE\\Policies\\Microsoft\\Power\\PowerSettings\\${setting}`),
    powerPolicy,
  ),
  { key: 'HKU\\<SID>\\Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop', keeps: saver },
  { key: 'HKU\\<SID>\\Control Panel\\Desktop', keeps: [...saver, 'DelayLockInterval'] },
  ...each(
    ['DomainProfile', 'PrivateProfile', 'PublicProfile'].map(
      (profile) => `HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\${profile}`,
    ),
    firewallProfile,
  ),
  ...each(
    ['DomainProfile', 'StandardProfile', 'PublicProfile'].map(
      (profile) =>
        `HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\${profile}`,
    ),
    firewallProfile,
  ),
  ...each(
    ['HKLM\\SYSTEM\\CurrentControlSet\\Policies\\Microsoft\\FVE', 'HKLM\\SOFTWARE\\Policies\\Microsoft\\FVE'],
    { keeps: ['RDVDenyWriteAccess'] },
  ),
  { key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\RemovableStorageDevices', keeps: ['Deny_All'] },
  {
    key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\RemovableStorageDevices\\{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}',
    keeps: ['Deny_Read', 'Deny_Write'],
  },
  { key: 'HKU\\<SID>\\Software\\Policies\\Microsoft\\Windows\\RemovableStorageDevices', keeps: ['Deny_All'] },
  ...each(
    ['USBSTOR', 'UASPStor', 'wuauserv', 'UsoSvc', 'mrxsmb10'].map(
      (service) => `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service}`,
    ),
    start,
  ),
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer',
    keeps: ['NoDriveTypeAutoRun', 'NoAutorun'],
  },
  {
    key: 'HKU\\<SID>\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer',
    keeps: ['NoDriveTypeAutoRun'],
  },
  {
    key: 'HKU\\<SID>\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\AutoplayHandlers',
    keeps: ['DisableAutoplay'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU',
    keeps: ['NoAutoUpdate', 'AUOptions', 'UseWUServer'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate',
    keeps: ['PauseQualityUpdatesStartTime'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\Update',
    keeps: ['AllowAutoUpdate', 'PauseQualityUpdates'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings',
    keeps: ['PauseUpdatesExpiryTime', 'PauseQualityUpdatesEndTime', 'FlightSettingsMaxPauseDays'],
  },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\Results\\Detect',
    keeps: ['LastSuccessTime'],
  },
  { key: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired' },
  { key: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State', keeps: ['UEFISecureBootEnabled'] },
  { key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\System', keeps: ['EnableSmartScreen'] },
  {
    key: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer',
    keeps: ['SmartScreenEnabled', 'AicEnabled'],
  },
  { key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge', keeps: ['SmartScreenEnabled'] },
  { key: 'HKU\\<SID>\\Software\\Microsoft\\Edge\\SmartScreenEnabled', keeps: [''] },
  ...each(
    [
      'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services',
      'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server',
    ],
    { keeps: ['fDenyTSConnections'] },
  ),
  {
    key: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp',
    keeps: ['UserAuthentication'],
  },
  { key: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters', keeps: ['SMB1'] },
  ...each(
    ['TLS 1.0', 'TLS 1.1'].map(
      (version) =>
        `HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\${version}\\Client`,
    ),
    { keeps: ['Enabled', 'DisabledByDefault'] },
  ),
  ...each(
    ['Personal', 'Business1'].map(
      (account) => `HKU\\<SID>\\Software\\Microsoft\\OneDrive\\Accounts\\${account}`,
    ),
    { keeps: ['KfmFoldersProtectedNow'], presence: ['UserFolder'] },
  ),
  { key: 'HKU\\<SID>\\Software\\Google\\DriveFS', presence: ['PerAccountPreferences'] },
  {
    key: 'HKU\\<SID>\\Software\\Microsoft\\Windows\\CurrentVersion\\FileHistory',
    keeps: ['ProtectedUpToTime'],
  },
  { key: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters', keeps: ['Type'] },
  { key: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Security', keeps: ['MaxSize', 'Retention'] },
  {
    key: 'HKU\\<SID>\\Software\\Microsoft\\Windows\\CurrentVersion\\StorageSense\\Parameters\\StoragePolicy',
    keeps: ['01', '08', '256'],
  },
  ...each(uninstall, { subkeys: 'programs' }),
  ...each(
    uninstall.map((list) => `${list}\\<subkey>`),
    { keeps: ['DisplayName', 'DisplayVersion'], program: true },
  ),
  {
    key: 'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate\\Clients\\{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}',
    keeps: ['pv'],
  },
  { key: 'HKU', subkeys: 'people' },
];

/** Fields of native answers, at any depth. Numbers and booleans stay as they are; of texts only those named in `texts`. */
export const win32Keeps: Readonly<Record<string, readonly string[]>> = {
  WTSEnumerateSessions: ['sessions', 'id', 'state', 'remote', 'sid', 'administrator', 'genericName'],
  NetGetAadJoinInformation: ['joinType'],
  NetGetJoinInformation: ['status'],
  CallNtPowerInformation: ['AoAc', 'SystemS3', 'SystemBatteriesPresent'],
  PowerReadACValueIndex: ['value'],
  PowerReadDCValueIndex: ['value'],
  NetUserModalsGet: [
    'usrmod0_min_passwd_len',
    'usrmod0_max_passwd_age',
    'usrmod0_min_passwd_age',
    'usrmod0_password_hist_len',
    'usrmod3_lockout_threshold',
    'usrmod3_lockout_duration',
    'usrmod3_lockout_observation_window',
  ],
  NetUserEnum: ['users', 'rid', 'flags', 'internetIdentity'],
  GetLogicalDrives: [
    'systemDrive',
    'drives',
    'letter',
    'driveType',
    'busType',
    'removableMedia',
    'readOnly',
    'ready',
  ],
  EnumServicesStatusEx: [
    'services',
    'MpsSvc',
    'WinDefend',
    'Sense',
    'wlansvc',
    'TermService',
    'sshd',
    'WinRM',
    'tvnserver',
    'uvnc_service',
    'winvnc4',
    'vncserver',
    'WMPNetworkSvc',
    'icssvc',
    'W32Time',
    'fhsvc',
  ],
  GetFirmwareType: ['type'],
  Tbsi_GetDeviceInfo: ['tpmVersion'],
  WscGetSecurityProviderHealth: ['health'],
  NetShareEnum: ['disk', 'printer'],
  WlanEnumInterfaces: ['interfaces', 'state'],
  WlanQueryInterface: ['connections', 'auth', 'cipher'],
  WlanGetProfileList: ['profiles', 'authentication', 'encryption'],
  EvtQuery: ['oldest'],
  GetIfTable2: ['interfaces', 'type', 'operStatus', 'hardware'],
  GetExtendedTcpTable: ['listeners', 'port', 'loopback'],
  IsDeviceRegisteredWithManagement: ['registered'],
};

/** Columns of WMI rows, by class. */
export const wmiKeeps: Readonly<Record<string, readonly string[]>> = {
  Win32_EncryptableVolume: ['DriveLetter', 'VolumeType', 'ProtectionStatus'],
  AntiVirusProduct: ['displayName', 'productState'],
  FirewallProduct: ['displayName', 'productState'],
  Win32_UserAccount: ['SID', 'Disabled', 'PasswordRequired'],
  Win32_Tpm: ['SpecVersion', 'IsEnabled_InitialValue', 'IsActivated_InitialValue'],
  SoftwareLicensingProduct: ['LicenseStatus'],
};

/** Fields of PowerShell answers, at any depth. */
export const powershellKeeps: Readonly<Record<string, readonly string[]>> = {
  'language-mode': ['LanguageMode'],
  'bitlocker-status': [
    'DriveLetter',
    'VolumeType',
    'ConversionStatus',
    'EncryptionPercentage',
    'EncryptionFlags',
    'ProtectionStatus',
    'EncryptionMethod',
    'LockStatus',
    'SuspendCount',
    'KeyProtectorTypes',
  ],
  'shell-bitlocker': ['DriveLetter', 'BitLockerProtection'],
  'firewall-profiles': ['Name', 'Enabled', 'DefaultInboundAction'],
  'mp-computer-status': [
    'AMRunningMode',
    'AMServiceEnabled',
    'AntivirusEnabled',
    'RealTimeProtectionEnabled',
    'AntivirusSignatureAge',
    'AntivirusSignatureLastUpdated',
    'value',
  ],
  'windows-update': [
    'NotificationLevel',
    'LastSearchSuccessDate',
    'Pending',
    'CategoryIDs',
    'Deployed',
    'value',
  ],
};

/** The form every text must have that stays in a native, WMI or PowerShell answer; any other becomes `<redacted>`. */
export const textForms: Readonly<Record<string, RegExp>> = {
  systemDrive: /^[A-Z]:$/i,
  letter: /^[A-Z]:$/i,
  DriveLetter: /^[A-Z]:$/i,
  authentication: /^(?:open|shared|WPA|WPAPSK|WPA2|WPA2PSK|WPA3|WPA3SAE|WPA3ENT|WPA3ENT192|OWE)$/i,
  encryption: /^(?:none|WEP|TKIP|AES|GCMP256)$/i,
  oldest: /^\d{4}-\d\d-\d\dT[\d:.]+Z?$/,
  SpecVersion: /^[\d., ]{1,40}$/,
  LanguageMode: /^(?:Full|Constrained|Restricted|No)Language$/,
  Name: /^(?:Domain|Private|Public)$/i,
  AMRunningMode: /^(?:Normal|Passive Mode|SxS Passive Mode|EDR Block Mode|Not running)$/i,
  CategoryIDs: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};
