/** Products the agent knows by name. A report names these ids and no others; `other` is anything else that was found. */

/** What protects against malware. `unidentified`: something protects, but the system does not say what. */
export const malwareProductIds = [
  'xprotect',
  'defender',
  'avast',
  'avg',
  'avira',
  'bitdefender',
  'carbon-black',
  'clamav',
  'cortex-xdr',
  'crowdstrike',
  'cylance',
  'elastic',
  'eset',
  'f-secure',
  'g-data',
  'jamf-protect',
  'kaspersky',
  'malwarebytes',
  'norton',
  'panda',
  'sentinelone',
  'sophos',
  'symantec',
  'trellix',
  'trend-micro',
  'webroot',
  'withsecure',
  'other',
  'unidentified',
] as const;
export type MalwareProductId = (typeof malwareProductIds)[number];

/** What copies files to a cloud. `onedrive`: which kind of account is not told. */
export const syncClientIds = [
  'box',
  'dropbox',
  'egnyte',
  'gnome-online-accounts',
  'google-drive',
  'icloud-drive',
  'insync',
  'jottacloud',
  'mega',
  'nextcloud',
  'onedrive',
  'onedrive-business',
  'onedrive-personal',
  'owncloud',
  'pcloud',
  'proton-drive',
  'rclone',
  'resilio-sync',
  'seafile',
  'sync-com',
  'syncthing',
  'synology-drive',
  'tresorit',
  'other',
] as const;
export type SyncClientId = (typeof syncClientIds)[number];

/** What makes backups: the systems' own first. */
export const backupProductIds = [
  'time-machine',
  'file-history',
  'windows-backup',
  'deja-dup',
  'acronis',
  'arq',
  'backblaze',
  'borg',
  'carbon-copy-cloner',
  'carbonite',
  'chronosync',
  'crashplan',
  'druva',
  'duplicity',
  'idrive',
  'pika-backup',
  'restic',
  'superduper',
  'veeam',
  'vorta',
  'other',
] as const;
export type BackupProductId = (typeof backupProductIds)[number];

/** Browsers, mail and office programs whose version is looked at. */
export const appIds = [
  'brave',
  'chrome',
  'chromium',
  'edge',
  'excel',
  'firefox',
  'libreoffice',
  'office',
  'opera',
  'outlook',
  'powerpoint',
  'safari',
  'teams',
  'thunderbird',
  'vivaldi',
  'word',
] as const;
export type AppId = (typeof appIds)[number];

/** Software whose releases end, and which then gets no fixes at all. */
export const watchedIds = [
  'dotnet',
  'flash-player',
  'java',
  'libreoffice',
  'nodejs',
  'office',
  'python',
  'silverlight',
] as const;
export type WatchedId = (typeof watchedIds)[number];

/** Password managers; which one it is never leaves the machine. */
export const passwordManagerIds = [
  '1password',
  'bitwarden',
  'dashlane',
  'enpass',
  'keepass',
  'keepassxc',
  'keepassium',
  'keeper',
  'lastpass',
  'nordpass',
  'proton-pass',
  'roboform',
  'secrets',
  'strongbox',
] as const;
