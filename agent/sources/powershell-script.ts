/** A WMI query that the one process asks. */
interface WmiQuery {
  readonly name: string;
  readonly query: string;
  readonly namespace: string;
  /** The one Windows build it makes sense on, where there is such a build. */
  readonly build?: string;
}

const wmiQueries: readonly WmiQuery[] = [
  {
    name: 'wmi-antivirus',
    query: 'SELECT displayName, productState FROM AntiVirusProduct',
    namespace: 'root\\SecurityCenter2',
  },
  {
    name: 'wmi-firewall',
    query: 'SELECT displayName, productState FROM FirewallProduct',
    namespace: 'root\\SecurityCenter2',
  },
  {
    name: 'wmi-accounts',
    query: 'SELECT SID, Disabled, PasswordRequired FROM Win32_UserAccount WHERE LocalAccount = TRUE',
    namespace: 'root\\cimv2',
  },
  {
    name: 'wmi-volumes',
    query: 'SELECT DriveLetter, VolumeType, ProtectionStatus FROM Win32_EncryptableVolume',
    namespace: 'root\\cimv2\\Security\\MicrosoftVolumeEncryption',
  },
  {
    name: 'wmi-tpm',
    query: 'SELECT SpecVersion, IsEnabled_InitialValue, IsActivated_InitialValue FROM Win32_Tpm',
    namespace: 'root\\cimv2\\Security\\MicrosoftTpm',
  },
  {
    name: 'wmi-extended-support',
    query:
      "SELECT LicenseStatus FROM SoftwareLicensingProduct WHERE PartialProductKey IS NOT NULL AND Name LIKE '%ESU%'",
    namespace: 'root\\cimv2',
    build: '19045',
  },
];

/**
 * The named queries; each leaves its answer in `$r`. BitLocker is asked by methods, because the properties of its volumes are
 * copies that may be old; only named fields are taken, because a volume's other fields hold its recovery password.
 */
const namedQueries: Readonly<Record<string, string>> = {
  'language-mode': '$r = @{ LanguageMode = "$($ExecutionContext.SessionState.LanguageMode)" }',
  'firewall-profiles':
    '$r = @(Get-NetFirewallProfile -PolicyStore ActiveStore | Select-Object Name,Enabled,DefaultInboundAction)',
  'shell-bitlocker': `
$shell = New-Object -ComObject Shell.Application
$r = @([IO.DriveInfo]::GetDrives() | Where-Object { "$($_.DriveType)" -match 'Fixed|Removable' } | ForEach-Object {
  $folder = $shell.NameSpace($_.Name)
  if ($folder) { @{
    DriveLetter = $_.Name.Substring(0, 2)
    BitLockerProtection = $folder.Self.ExtendedProperty('System.Volume.BitLockerProtection')
  } }
})`,
  'bitlocker-status': `
function Read-Volume($volume, $method, $arguments, $field) {
  $answer = Invoke-CimMethod -InputObject $volume -MethodName $method -Arguments $arguments
  if ($answer.ReturnValue -eq 0) { $answer.$field }
}
$precision = @{ PrecisionFactor = [uint32]0 }
$r = @(Get-CimInstance -Namespace root\\cimv2\\Security\\MicrosoftVolumeEncryption -ClassName Win32_EncryptableVolume | ForEach-Object {
  $volume = $_
  @{
    DriveLetter = $volume.DriveLetter
    VolumeType = $volume.VolumeType
    ConversionStatus = (Read-Volume $volume GetConversionStatus $precision ConversionStatus)
    EncryptionPercentage = (Read-Volume $volume GetConversionStatus $precision EncryptionPercentage)
    EncryptionFlags = (Read-Volume $volume GetConversionStatus $precision EncryptionFlags)
    ProtectionStatus = (Read-Volume $volume GetProtectionStatus @{} ProtectionStatus)
    EncryptionMethod = (Read-Volume $volume GetEncryptionMethod @{} EncryptionMethod)
    LockStatus = (Read-Volume $volume GetLockStatus @{} LockStatus)
    SuspendCount = (Read-Volume $volume GetSuspendCount @{} SuspendCount)
    KeyProtectorTypes = @(
      Read-Volume $volume GetKeyProtectors @{ KeyProtectorType = [uint32]0 } VolumeKeyProtectorID | Where-Object { $_ } |
        ForEach-Object { Read-Volume $volume GetKeyProtectorType @{ VolumeKeyProtectorID = $_ } KeyProtectorType }
    )
  }
})`,
  'mp-computer-status': `
$r = Get-MpComputerStatus | Select-Object AMRunningMode,AMServiceEnabled,AntivirusEnabled,RealTimeProtectionEnabled,AntivirusSignatureAge,AntivirusSignatureLastUpdated`,
  'windows-update': `
function Format-Date($date) { if ($date) { $date.ToString('s') + 'Z' } }
$automatic = New-Object -ComObject Microsoft.Update.AutoUpdate
$searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
$searcher.Online = $false
$found = $searcher.Search("IsInstalled=0 and IsHidden=0 and Type='Software'")
$r = @{
  NotificationLevel = $automatic.Settings.NotificationLevel
  LastSearchSuccessDate = (Format-Date $automatic.Results.LastSearchSuccessDate)
  Pending = @($found.Updates | ForEach-Object { @{
    CategoryIDs = @($_.Categories | ForEach-Object { $_.CategoryID })
    Deployed = (Format-Date $_.LastDeploymentChangeTime)
  } })
}`,
};

/** Seconds after which WMI gives up on one query, so that a broken provider costs no other its answer. */
const wmiTimeoutSeconds = 15;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

function wmiBody({ query, namespace }: WmiQuery): string {
  const fields = /^SELECT (.+?) FROM /.exec(query)?.[1] ?? '*';
  return (
    `$r = @(Get-CimInstance -Namespace ${quoted(namespace)} -Query ${quoted(query)} -OperationTimeoutSec ${wmiTimeoutSeconds}` +
    ` | Select-Object ${fields.replaceAll(' ', '')})`
  );
}

/**
 * Runs in Constrained Language Mode too: no .NET types beyond numbers and text. A record is one line of ASCII; the sign between
 * its parts never occurs within them.
 */
const prelude = `
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
function Write-Answer($name, $json) {
  $text = "$json".Replace('@', '\\u0040')
  if ($text -match '[^\\x20-\\x7e]') {
    $text = -join ($text.ToCharArray() | ForEach-Object {
      if ([int]$_ -lt 0x20 -or [int]$_ -gt 0x7e) { '\\u{0:x4}' -f [int]$_ } else { "$_" }
    })
  }
  "@muster:\${name}:+:$text@end"
}
function Write-Failure($name, $failure) {
  $text = "$($failure.FullyQualifiedErrorId)" -replace '[^\\x20-\\x3f\\x41-\\x7e]', '?'
  "@muster:\${name}:-:$text@end"
}
`;

/** Quick ones first, those that may take long (Defender, Windows Update) last: each answers when its turn is over. */
function queries(osVersion: string): [name: string, body: string][] {
  const build = osVersion.split('.')[2];
  const wmi = wmiQueries.filter((query) => query.build === undefined || query.build === build);
  const { 'language-mode': mode = '', ...named } = namedQueries;
  return [
    ['language-mode', mode],
    ...wmi.map((query): [string, string] => [query.name, wmiBody(query)]),
    ...Object.entries(named),
  ];
}

/** The names the script answers to on this version of Windows. */
export function queryNames(osVersion: string): string[] {
  return queries(osVersion).map(([name]) => name);
}

/** Everything a run can ask PowerShell, each in its own `try`. */
export function queryScript(osVersion: string): string {
  const tries = queries(osVersion).map(
    ([name, body]) =>
      `$r = $null\ntry {\n${body.trim()}\nWrite-Answer ${quoted(name)} (ConvertTo-Json -InputObject $r -Depth 4 -Compress)\n} catch { Write-Failure ${quoted(name)} $_ }`,
  );
  return [prelude.trim(), ...tries, ''].join('\n');
}

/** The name under which the script answers a documented WMI query; undefined when it is none. */
export function wmiName(query: string, namespace: string): string | undefined {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase();
  return wmiQueries.find(
    (known) => plain(known.query) === plain(query) && plain(known.namespace) === plain(namespace),
  )?.name;
}
