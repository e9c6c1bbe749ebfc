import { serviceName } from '../../agent/windows/agent-service.ts';
import type { BuildMoment } from '../build-moment.ts';

/**
 * The tables of the Windows Installer package that say what happens: wixl makes those that list files, and knows too little of these.
 * Names, columns and numbers are those of the Windows Installer's reference.
 */

/** A table as `msibuild` imports it: names and types of its columns, how many of them are its key, rows. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly keys: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The same for every version ever made: by it Windows knows which product an upgrade replaces. */
export const upgradeCode = '{8C0C53A6-6E0F-5D0E-9A35-0B7B6C9E7A41}';

/** Ids of what the tables point to in those made by wixl. */
export interface Places {
  /** The file node.exe of this version. */
  readonly node: string;
  /** The component that stands for the whole: the service and PATH come and go with it. */
  readonly component: string;
}

/** Kinds of custom actions (CustomAction.Type). */
const kind = {
  /** Stops the installation with the words of its target. */
  error: 19,
  /** Starts a file of this package; a program that lies elsewhere. */
  installedFile: 18,
  program: 34,
  /** The exit code does not matter. */
  anyExitCode: 0x40,
  /** Runs with the files in place, not while it is planned; as the system. */
  deferred: 0x400 + 0x800,
  /** Runs when the installation is undone. */
  rollback: 0x100,
  /** Never in a log. */
  hidden: 0x2000,
} as const;

const removed = 'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE';
const installed = 'NOT REMOVE="ALL"';
const command = '"[System64Folder]cmd.exe" /d /c';

interface Action {
  readonly name: string;
  readonly type: number;
  readonly source: string;
  readonly target: string;
  readonly condition: string;
  readonly at: number;
}

/** What is done beside copying files, in its place among the installer's own steps. */
const actions = ({ node }: Places): readonly Action[] => [
  {
    name: 'RefuseDowngrade',
    type: kind.error,
    source: '',
    target:
      'A newer version of the Muster agent is installed. Nothing was changed. To go back, remove it first; its enrollment stays.',
    condition: 'NEWERFOUND',
    at: 90,
  },
  {
    name: 'RemoveService',
    type: kind.program + kind.deferred + kind.anyExitCode,
    source: 'System64Folder',
    target: `"[System64Folder]sc.exe" delete ${serviceName}`,
    condition: removed,
    at: 1901,
  },
  {
    // What an agent that updated itself put there, and V8's code cache, are in nobody's list.
    name: 'RemovePrograms',
    type: kind.program + kind.deferred + kind.anyExitCode,
    source: 'System64Folder',
    target: `${command} "rmdir "[Home]current" & rmdir /s /q "[Home]versions" & rmdir "[Home]""`,
    condition: removed,
    at: 3501,
  },
  {
    name: 'RemoveState',
    type: kind.program + kind.deferred + kind.anyExitCode,
    source: 'System64Folder',
    target: `${command} "rmdir /s /q "[CommonAppDataFolder]Muster""`,
    condition: `${removed} AND PURGE="1"`,
    at: 3502,
  },
  {
    name: 'UndoService',
    type: kind.program + kind.deferred + kind.rollback + kind.anyExitCode,
    source: 'System64Folder',
    target: `${command} "sc.exe delete ${serviceName} & rmdir "[Home]current""`,
    condition: 'NOT Installed AND NOT OLDERFOUND',
    at: 4001,
  },
  {
    name: 'SetUp',
    type: kind.installedFile + kind.deferred,
    source: node,
    target: '"[Version]dist\\agent\\set-up.js" install',
    condition: installed,
    at: 4002,
  },
  {
    name: 'Enroll',
    type: kind.installedFile + kind.deferred + kind.hidden + kind.anyExitCode,
    source: node,
    target: '"[Version]dist\\agent\\set-up.js" enroll "[ENROLL]"',
    condition: `ENROLL AND ${installed}`,
    at: 4003,
  },
];

/** The installer's own steps and their usual places. The version before is removed first, within the same transaction. */
const steps: readonly (readonly [name: string, at: number, condition?: string])[] = [
  ['FindRelatedProducts', 25],
  ['LaunchConditions', 100],
  ['ValidateProductID', 700],
  ['CostInitialize', 800],
  ['FileCost', 900],
  ['CostFinalize', 1000],
  ['MigrateFeatureStates', 1200],
  ['InstallValidate', 1400],
  ['InstallInitialize', 1500],
  ['RemoveExistingProducts', 1501],
  ['ProcessComponents', 1600],
  ['UnpublishFeatures', 1800],
  ['StopServices', 1900, 'VersionNT'],
  ['RemoveEnvironmentStrings', 3300],
  ['RemoveFiles', 3500],
  ['CreateFolders', 3700],
  ['InstallFiles', 4000],
  ['WriteEnvironmentStrings', 5200],
  ['StartServices', 5900, 'VersionNT'],
  ['RegisterUser', 6000],
  ['RegisterProduct', 6100],
  ['PublishFeatures', 6300],
  ['PublishProduct', 6400],
  ['InstallFinalize', 6600],
];

/** Upgrade.Attributes: take the features' choice along; only tell of it; the upper bound counts as well. */
const upgrades = { migrate: 1, detectOnly: 2 } as const;
/** ServiceControl.Event: start when installed; stop when installed and when removed. */
const serviceEvents = 0x1 + 0x2 + 0x20;

/** Every table that is replaced or added. */
export function behaviorTables(
  places: Places,
  productCode: string,
  { version }: BuildMoment,
): readonly Table[] {
  const own = actions(places);
  const byPlace = [
    ...steps,
    ...own.map(({ name, at, condition }) => [name, at, condition] as const),
  ].toSorted((a, b) => a[1] - b[1]);
  const properties: Readonly<Record<string, string>> = {
    ProductCode: productCode,
    ProductName: 'Muster agent',
    ProductVersion: version,
    ProductLanguage: '1033',
    Manufacturer: 'Muster',
    UpgradeCode: upgradeCode,
    ALLUSERS: '1',
    ARPNOMODIFY: '1',
    // A token is said to the installer and to nobody else: not in logs, whoever starts the installer.
    MsiHiddenProperties: 'ENROLL',
    SecureCustomProperties: 'ENROLL;NEWERFOUND;OLDERFOUND;PURGE',
  };
  return [
    {
      name: 'Property',
      columns: { Property: 's72', Value: 'l0' },
      keys: ['Property'],
      rows: Object.entries(properties),
    },
    {
      name: 'Upgrade',
      columns: {
        ...{ UpgradeCode: 's38', VersionMin: 'S20', VersionMax: 'S20', Language: 'S255', Attributes: 'i4' },
        ...{ Remove: 'S255', ActionProperty: 's72' },
      },
      keys: ['UpgradeCode', 'VersionMin', 'VersionMax', 'Language', 'Attributes'],
      rows: [
        [upgradeCode, '', version, '', upgrades.migrate, '', 'OLDERFOUND'],
        [upgradeCode, version, '', '', upgrades.detectOnly, '', 'NEWERFOUND'],
      ],
    },
    {
      name: 'LaunchCondition',
      columns: { Condition: 's255', Description: 'l255' },
      keys: ['Condition'],
      rows: [
        ['Installed OR VersionNT64 >= 603', 'The Muster agent needs 64-bit Windows 10 or later.'],
        ['Privileged', 'The Muster agent is installed by an administrator.'],
      ],
    },
    {
      name: 'CustomAction',
      columns: { Action: 's72', Type: 'i2', Source: 'S72', Target: 'S255', ExtendedType: 'I4' },
      keys: ['Action'],
      rows: own.map(({ name, type, source, target }) => [name, type, source, target, '']),
    },
    {
      name: 'InstallExecuteSequence',
      columns: { Action: 's72', Condition: 'S255', Sequence: 'I2' },
      keys: ['Action'],
      rows: byPlace.map(([name, at, condition = '']) => [name, condition, at]),
    },
    {
      name: 'ServiceControl',
      columns: {
        ServiceControl: 's72',
        Name: 'l255',
        Event: 'i2',
        Arguments: 'L255',
        Wait: 'I2',
        Component_: 's72',
      },
      keys: ['ServiceControl'],
      rows: [['Agent', serviceName, serviceEvents, '', 1, places.component]],
    },
    {
      // `agent` on everybody's PATH: = set when installed, - removed with the product, * of the machine.
      name: 'Environment',
      columns: { Environment: 's72', Name: 'l255', Value: 'L255', Component_: 's72' },
      keys: ['Environment'],
      rows: [['Path', '=-*PATH', '[~];[Home]current\\agent', places.component]],
    },
  ];
}

/** The table as a file for `msibuild -i`. */
export function importable({ name, columns, keys, rows }: Table): string {
  const lines = [Object.keys(columns), Object.values(columns), [name, ...keys], ...rows];
  return lines.map((line) => `${line.join('\t')}\r\n`).join('');
}
