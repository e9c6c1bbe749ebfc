import { deviceThen } from '../history/device-then.ts';
import { lookBack } from '../history/look-back.ts';
import { organizationReport } from '../history/organization-report.ts';
import type { Period } from '../history/period.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import type { Device } from '../storage/devices.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { deviceSheet } from './device-sheet.ts';
import { organizationSheet } from './organization-sheet.ts';

/** What an export is made from. */
export interface ExportSource {
  readonly stores: Stores;
  readonly collectorKey: CollectorKey;
  readonly organization: Organization;
  readonly madeAt: Date;
}

interface Named {
  readonly id: string;
  /** What it is, for a link: `PDF`, `Evidence bundle`. */
  readonly title: string;
  /** What it is, in the middle of a sentence: `the evidence bundle`. */
  readonly noun: string;
  readonly mediaType: string;
  readonly extension: string;
}

/** Something to take away about a month or a quarter. */
export interface PeriodExporter extends Named {
  make(source: ExportSource, period: Period): Promise<Buffer | string>;
}

/** Something to take away about the fleet at a moment. */
export interface MomentExporter extends Named {
  make(source: ExportSource, at: Date): Promise<Buffer | string>;
}

/** Something to take away about one laptop at a moment. */
export interface DeviceExporter extends Named {
  make(source: ExportSource, device: Device, at: Date): Promise<Buffer | string>;
}

const pdf = { mediaType: 'application/pdf', extension: 'pdf' } as const;
const csv = { mediaType: 'text/csv; charset=utf-8', extension: 'csv' } as const;

const reportOf = ({ stores, organization, madeAt }: ExportSource, period: Period) =>
  organizationReport(stores, organization, period, madeAt);

/** About a month or a quarter. One more is one entry here and the file it loads; each is loaded when it is asked for. */
export const periodExporters: readonly PeriodExporter[] = [
  {
    id: 'report-pdf',
    title: 'PDF',
    noun: 'the report (PDF)',
    ...pdf,
    async make(source, period) {
      const { sheetPdf } = await import('./sheet-pdf.ts');
      return sheetPdf(organizationSheet(await reportOf(source, period)));
    },
  },
  {
    id: 'report-csv',
    title: 'CSV',
    noun: 'the report (CSV)',
    ...csv,
    async make(source, period) {
      const { organizationCsv } = await import('./organization-csv.ts');
      return organizationCsv(await reportOf(source, period));
    },
  },
  {
    id: 'evidence',
    title: 'Evidence bundle',
    noun: 'the evidence bundle',
    mediaType: 'application/x-tar',
    extension: 'tar',
    async make({ stores, collectorKey, organization, madeAt }, period) {
      const { evidenceBundle } = await import('./evidence-bundle.ts');
      return evidenceBundle(stores, collectorKey, organization, period, madeAt);
    },
  },
];

/** About the fleet at a moment. */
export const momentExporters: readonly MomentExporter[] = [
  {
    id: 'findings-csv',
    title: 'Every finding, CSV',
    noun: 'every finding (CSV)',
    ...csv,
    async make({ stores, organization }, at) {
      const { findingsCsv } = await import('./findings-csv.ts');
      return findingsCsv(await lookBack(stores, organization.number, at), at);
    },
  },
  {
    id: 'clauses-pdf',
    title: 'Policy, sentence by sentence, PDF',
    noun: 'the clause statement (PDF)',
    ...pdf,
    async make({ stores, organization, madeAt }, at) {
      const [{ stateOrganization }, { statementPdf }] = await Promise.all([
        import('../statement.ts'),
        import('./statement-pdf.ts'),
      ]);
      const { policy, set, clauses } = await stateOrganization(stores, organization.number, at, madeAt);
      return statementPdf({
        organization: organization.name,
        company: set?.company ?? organization.name,
        policy: { id: policy.id, version: policy.version },
        chapters: set?.chapters ?? {},
        clauses,
        gaps: set?.gaps ?? [],
        asOf: at,
        madeAt,
      });
    },
  },
  {
    id: 'clauses-csv',
    title: 'Policy, sentence by sentence, CSV',
    noun: 'the clause statement (CSV)',
    ...csv,
    async make({ stores, organization, madeAt }, at) {
      const [{ stateOrganization }, { statementCsv }] = await Promise.all([
        import('../statement.ts'),
        import('./statement-csv.ts'),
      ]);
      return statementCsv((await stateOrganization(stores, organization.number, at, madeAt)).clauses);
    },
  },
];

/** What a laptop's fact sheet says. */
export async function deviceSheetOf(
  { stores, organization, madeAt }: ExportSource,
  device: Device,
  at: Date,
) {
  const then = await deviceThen(stores, device, at);
  const { factsSequence } = then.device;
  const report =
    factsSequence === null ? undefined : await stores.reports.bySequence(device.number, factsSequence);
  return deviceSheet(then, report, {
    organization: organization.name,
    sample: organization.sample,
    at,
    madeAt,
  });
}

/** About one laptop. */
export const deviceExporters: readonly DeviceExporter[] = [
  {
    id: 'fact-sheet-pdf',
    title: 'Fact sheet, PDF',
    noun: 'the fact sheet (PDF)',
    ...pdf,
    async make(source, device, at) {
      const { sheetPdf } = await import('./sheet-pdf.ts');
      return sheetPdf(await deviceSheetOf(source, device, at));
    },
  },
];

/** Everything there is to take away. */
export const allExporters: readonly Named[] = [...periodExporters, ...momentExporters, ...deviceExporters];
