import type { Products } from './product-traces.ts';

const date = '2026-11-21';
const sources = [
  'names as the products’ installers, packages and folders show them; no list of a third party was copied',
];

/** Products the agent recognises, and by what. XProtect, Time Machine, a Mac's iCloud Drive and File History are read by their own settings. */
export const products: Products = {
  malware: {
    date,
    sources,
    entries: [
      { id: 'avast', win32: { names: ['Avast'] }, linux: { packages: ['avast'] } },
      { id: 'avg', win32: { names: ['AVG'] } },
      { id: 'avira', win32: { names: ['Avira'] } },
      {
        id: 'bitdefender',
        win32: { names: ['Bitdefender'] },
        linux: { packages: ['bitdefender-security-tools'], units: ['bdsec.service'] },
      },
      {
        id: 'carbon-black',
        win32: { names: ['Carbon Black', 'VMware Carbon Black'] },
        linux: { packages: ['cb-psc-sensor'], units: ['cbagentd.service'] },
      },
      {
        id: 'clamav',
        win32: { names: ['ClamAV'] },
        linux: {
          packages: ['clamav-daemon', 'clamav', 'clamd'],
          units: ['clamav-daemon.service', 'clamd@scan.service'],
        },
      },
      {
        id: 'cortex-xdr',
        win32: { names: ['Cortex XDR'] },
        linux: { packages: ['cortex-agent'], units: ['traps_pmd.service'] },
      },
      {
        id: 'crowdstrike',
        win32: { names: ['CrowdStrike'] },
        linux: { packages: ['falcon-sensor'], units: ['falcon-sensor.service'] },
      },
      { id: 'cylance', win32: { names: ['Cylance'] }, linux: { packages: ['cylance-protect'] } },
      {
        id: 'defender',
        win32: { names: ['Windows Defender', 'Microsoft Defender'] },
        linux: { packages: ['mdatp'], units: ['mdatp.service'] },
      },
      {
        id: 'elastic',
        win32: { names: ['Elastic Endpoint', 'Elastic Defend'] },
        linux: { packages: ['elastic-endpoint'] },
      },
      {
        id: 'eset',
        win32: { names: ['ESET'] },
        linux: { packages: ['eea', 'efs'], units: ['eea.service', 'efs.service'] },
      },
      { id: 'f-secure', win32: { names: ['F-Secure'] } },
      { id: 'g-data', win32: { names: ['G DATA', 'G Data'] } },
      { id: 'kaspersky', win32: { names: ['Kaspersky'] }, linux: { packages: ['kesl', 'kess'] } },
      { id: 'malwarebytes', win32: { names: ['Malwarebytes'] } },
      { id: 'norton', win32: { names: ['Norton'] } },
      { id: 'panda', win32: { names: ['Panda'] } },
      {
        id: 'sentinelone',
        win32: { names: ['Sentinel Agent', 'SentinelOne'] },
        linux: { packages: ['SentinelAgent', 'sentinelagent'], units: ['sentinelone.service'] },
      },
      {
        id: 'sophos',
        win32: { names: ['Sophos'] },
        linux: { packages: ['sophos-spl'], units: ['sophos-spl.service'] },
      },
      { id: 'symantec', win32: { names: ['Symantec'] } },
      { id: 'trellix', win32: { names: ['Trellix', 'McAfee'] } },
      { id: 'trend-micro', win32: { names: ['Trend Micro'] }, linux: { packages: ['ds-agent'] } },
      { id: 'webroot', win32: { names: ['Webroot'] } },
      { id: 'withsecure', win32: { names: ['WithSecure'] } },
    ],
  },
  sync: {
    date,
    sources,
    entries: [
      {
        id: 'box',
        darwin: { apps: ['Box.app', 'Box Sync.app'], cloudStorage: ['Box'], home: ['Box', 'Box Sync'] },
        win32: { names: ['Box', 'Box Drive', 'Box Sync'], exact: true },
      },
      {
        id: 'dropbox',
        darwin: { apps: ['Dropbox.app'], cloudStorage: ['Dropbox'], home: ['Dropbox', '.dropbox'] },
        win32: { names: ['Dropbox'], exact: true },
        linux: { packages: ['dropbox', 'nautilus-dropbox'] },
      },
      {
        id: 'egnyte',
        darwin: {
          apps: ['Egnyte.app', 'Egnyte Connect.app', 'Egnyte Desktop App.app'],
          cloudStorage: ['Egnyte'],
        },
        win32: { names: ['Egnyte'] },
      },
      {
        id: 'google-drive',
        darwin: { apps: ['Google Drive.app'], cloudStorage: ['GoogleDrive'], home: ['Google Drive'] },
        win32: { names: ['Google Drive', 'Google Backup and Sync'] },
      },
      // On a Mac it is read by its own settings; from the Microsoft Store it stands in no list that is read here.
      { id: 'icloud-drive', win32: { names: ['iCloud', 'iCloud Outlook'], exact: true } },
      {
        id: 'insync',
        darwin: { apps: ['Insync.app'] },
        win32: { names: ['Insync'] },
        linux: { packages: ['insync'] },
      },
      {
        id: 'jottacloud',
        darwin: { apps: ['Jottacloud.app'] },
        win32: { names: ['Jottacloud'] },
        linux: { packages: ['jotta-cli'] },
      },
      {
        id: 'mega',
        darwin: { apps: ['MEGAsync.app', 'MEGA.app'], home: ['MEGA'] },
        win32: { names: ['MEGAsync'] },
        linux: { packages: ['megasync'] },
      },
      {
        id: 'nextcloud',
        darwin: { apps: ['Nextcloud.app'], cloudStorage: ['Nextcloud'], home: ['Nextcloud'] },
        win32: { names: ['Nextcloud'] },
        linux: { packages: ['nextcloud-desktop', 'nextcloud-client'] },
      },
      {
        id: 'onedrive',
        darwin: { apps: ['OneDrive.app'], cloudStorage: ['OneDrive'], home: ['OneDrive'] },
        win32: { names: ['Microsoft OneDrive'] },
        linux: { packages: ['onedrive'] },
      },
      {
        id: 'owncloud',
        darwin: { apps: ['ownCloud.app'], cloudStorage: ['ownCloud'] },
        win32: { names: ['ownCloud'] },
        linux: { packages: ['owncloud-client'] },
      },
      {
        id: 'pcloud',
        darwin: { apps: ['pCloud Drive.app'], home: ['pCloud Drive'] },
        win32: { names: ['pCloud Drive'] },
        linux: { packages: ['pcloud'] },
      },
      {
        id: 'proton-drive',
        darwin: { apps: ['Proton Drive.app'], cloudStorage: ['ProtonDrive'] },
        win32: { names: ['Proton Drive'] },
      },
      { id: 'rclone', linux: { packages: ['rclone'] } },
      {
        id: 'resilio-sync',
        darwin: { apps: ['Resilio Sync.app'] },
        win32: { names: ['Resilio Sync'] },
        linux: { packages: ['resilio-sync'] },
      },
      {
        id: 'seafile',
        darwin: { apps: ['Seafile Client.app', 'SeaDrive.app'] },
        win32: { names: ['Seafile'] },
        linux: { packages: ['seafile-gui', 'seafile-client'] },
      },
      { id: 'sync-com', darwin: { apps: ['Sync.app'] }, win32: { names: ['Sync.com', 'Sync'], exact: true } },
      {
        id: 'syncthing',
        darwin: { apps: ['Syncthing.app'] },
        win32: { names: ['Syncthing'] },
        linux: { packages: ['syncthing'] },
      },
      {
        id: 'synology-drive',
        darwin: { apps: ['Synology Drive Client.app'] },
        win32: { names: ['Synology Drive Client'] },
        linux: { packages: ['synology-drive'] },
      },
      { id: 'tresorit', darwin: { apps: ['Tresorit.app'] }, win32: { names: ['Tresorit'] } },
    ],
  },
  backup: {
    date,
    sources,
    entries: [
      {
        id: 'acronis',
        darwin: {
          apps: [
            'Acronis Cyber Protect Home Office.app',
            'Acronis True Image.app',
            'Acronis Cyber Protect Connect.app',
            'Acronis Cyber Protect.app',
          ],
        },
        win32: { names: ['Acronis'] },
      },
      { id: 'arq', darwin: { apps: ['Arq.app'] }, win32: { names: ['Arq'], exact: true } },
      { id: 'backblaze', darwin: { apps: ['Backblaze.app'] }, win32: { names: ['Backblaze'] } },
      { id: 'borg', linux: { packages: ['borgbackup'] } },
      { id: 'carbon-copy-cloner', darwin: { apps: ['Carbon Copy Cloner.app'] } },
      { id: 'carbonite', darwin: { apps: ['Carbonite.app'] }, win32: { names: ['Carbonite'] } },
      { id: 'chronosync', darwin: { apps: ['ChronoSync.app', 'ChronoSync Express.app'] } },
      {
        id: 'crashplan',
        darwin: { apps: ['CrashPlan.app', 'Code42.app'] },
        win32: { names: ['CrashPlan', 'Code42'] },
      },
      { id: 'deja-dup', linux: { packages: ['deja-dup'], flatpaks: ['org.gnome.DejaDup'] } },
      {
        id: 'druva',
        darwin: { apps: ['Druva inSync.app', 'Druva.app'] },
        win32: { names: ['Druva inSync'] },
      },
      { id: 'duplicity', linux: { packages: ['duplicity'] } },
      { id: 'idrive', darwin: { apps: ['IDrive.app'] }, win32: { names: ['IDrive'] } },
      {
        id: 'other',
        win32: {
          names: [
            'AOMEI Backupper',
            'Cobian',
            'Duplicati',
            'EaseUS Todo Backup',
            'Livedrive',
            'Macrium Reflect',
            'MSP360',
            'Paragon Backup',
            'SpiderOak',
            'Synology Active Backup',
            'UrBackup',
          ],
        },
      },
      { id: 'pika-backup', linux: { packages: ['pika-backup'], flatpaks: ['org.gnome.World.PikaBackup'] } },
      { id: 'restic', linux: { packages: ['restic'] } },
      { id: 'superduper', darwin: { apps: ['SuperDuper!.app'] } },
      {
        id: 'veeam',
        darwin: { apps: ['Veeam Agent.app', 'Veeam Agent for Mac.app'] },
        win32: { names: ['Veeam Agent'] },
        linux: { packages: ['veeam'] },
      },
      {
        id: 'vorta',
        darwin: { apps: ['Vorta.app'] },
        linux: { packages: ['vorta'], flatpaks: ['com.borgbase.Vorta'] },
      },
    ],
  },
  passwordManagers: {
    date,
    sources,
    entries: [
      {
        id: '1password',
        darwin: { apps: ['1Password.app', '1Password 7.app'] },
        win32: { names: ['1Password'] },
        linux: { packages: ['1password'], flatpaks: ['com.onepassword.OnePassword'] },
      },
      {
        id: 'bitwarden',
        darwin: { apps: ['Bitwarden.app'] },
        win32: { names: ['Bitwarden'] },
        linux: { packages: ['bitwarden'], flatpaks: ['com.bitwarden.desktop'], snaps: ['bitwarden'] },
      },
      { id: 'dashlane', darwin: { apps: ['Dashlane.app'] }, win32: { names: ['Dashlane'] } },
      {
        id: 'enpass',
        darwin: { apps: ['Enpass.app'] },
        win32: { names: ['Enpass'] },
        linux: { packages: ['enpass'] },
      },
      {
        id: 'keepass',
        win32: { names: ['KeePass Password Safe'] },
        linux: { packages: ['keepass2', 'keepass'] },
      },
      {
        id: 'keepassxc',
        darwin: { apps: ['KeePassXC.app'] },
        win32: { names: ['KeePassXC'] },
        linux: { packages: ['keepassxc'], flatpaks: ['org.keepassxc.KeePassXC'], snaps: ['keepassxc'] },
      },
      { id: 'keepassium', darwin: { apps: ['KeePassium.app'] } },
      {
        id: 'keeper',
        darwin: { apps: ['Keeper Password Manager.app', 'Keeper.app'] },
        win32: { names: ['Keeper Password Manager'] },
        linux: { packages: ['keeperpasswordmanager'] },
      },
      { id: 'lastpass', darwin: { apps: ['LastPass.app'] }, win32: { names: ['LastPass'] } },
      {
        id: 'nordpass',
        darwin: { apps: ['NordPass.app'] },
        win32: { names: ['NordPass'] },
        linux: { snaps: ['nordpass'] },
      },
      {
        id: 'proton-pass',
        darwin: { apps: ['Proton Pass.app'] },
        win32: { names: ['Proton Pass'] },
        linux: { packages: ['proton-pass'], flatpaks: ['me.proton.Pass'] },
      },
      { id: 'roboform', darwin: { apps: ['RoboForm.app'] }, win32: { names: ['RoboForm', 'AI RoboForm'] } },
      {
        id: 'secrets',
        linux: { packages: ['gnome-secrets', 'secrets'], flatpaks: ['org.gnome.World.Secrets'] },
      },
      { id: 'strongbox', darwin: { apps: ['Strongbox.app', 'Strongbox Pro.app'] } },
    ],
  },
  apps: {
    date,
    sources,
    entries: [
      {
        id: 'brave',
        darwin: { apps: ['Brave Browser.app'] },
        win32: { names: ['Brave'] },
        linux: { packages: ['brave-browser'], flatpaks: ['com.brave.Browser'], snaps: ['brave'] },
      },
      {
        id: 'chrome',
        darwin: { apps: ['Google Chrome.app'] },
        win32: { names: ['Google Chrome'] },
        linux: { packages: ['google-chrome-stable'], flatpaks: ['com.google.Chrome'] },
      },
      {
        id: 'chromium',
        darwin: { apps: ['Chromium.app'] },
        win32: { names: ['Chromium'] },
        linux: {
          packages: ['chromium', 'chromium-browser'],
          flatpaks: ['org.chromium.Chromium'],
          snaps: ['chromium'],
        },
      },
      {
        id: 'edge',
        darwin: { apps: ['Microsoft Edge.app'] },
        win32: { names: ['Microsoft Edge'], exact: true },
        linux: { packages: ['microsoft-edge-stable'], flatpaks: ['com.microsoft.Edge'] },
      },
      { id: 'excel', darwin: { apps: ['Microsoft Excel.app'] } },
      {
        id: 'firefox',
        darwin: { apps: ['Firefox.app'] },
        win32: { names: ['Mozilla Firefox'] },
        linux: {
          packages: ['firefox', 'firefox-esr', 'MozillaFirefox'],
          flatpaks: ['org.mozilla.firefox'],
          snaps: ['firefox'],
        },
      },
      {
        id: 'libreoffice',
        darwin: { apps: ['LibreOffice.app'] },
        win32: { names: ['LibreOffice'] },
        linux: {
          packages: ['libreoffice-core'],
          flatpaks: ['org.libreoffice.LibreOffice'],
          snaps: ['libreoffice'],
        },
      },
      { id: 'office', win32: { names: ['Microsoft 365', 'Microsoft Office'] } },
      {
        id: 'opera',
        darwin: { apps: ['Opera.app'] },
        win32: { names: ['Opera Stable'] },
        linux: { packages: ['opera-stable'], snaps: ['opera'] },
      },
      { id: 'outlook', darwin: { apps: ['Microsoft Outlook.app'] } },
      { id: 'powerpoint', darwin: { apps: ['Microsoft PowerPoint.app'] } },
      { id: 'safari', darwin: { apps: ['Safari.app'] } },
      {
        id: 'teams',
        darwin: {
          apps: [
            'Microsoft Teams.app',
            'Microsoft Teams classic.app',
            'Microsoft Teams (work or school).app',
          ],
        },
        win32: { names: ['Microsoft Teams'] },
      },
      {
        id: 'thunderbird',
        darwin: { apps: ['Thunderbird.app'] },
        win32: { names: ['Mozilla Thunderbird'] },
        linux: {
          packages: ['thunderbird', 'MozillaThunderbird'],
          flatpaks: ['org.mozilla.Thunderbird', 'org.mozilla.thunderbird'],
          snaps: ['thunderbird'],
        },
      },
      {
        id: 'vivaldi',
        darwin: { apps: ['Vivaldi.app'] },
        win32: { names: ['Vivaldi'] },
        linux: { packages: ['vivaldi-stable'], flatpaks: ['com.vivaldi.Vivaldi'] },
      },
      { id: 'word', darwin: { apps: ['Microsoft Word.app'] } },
    ],
  },
};
