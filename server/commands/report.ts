import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { organizationSheet } from '../exports/organization-sheet.ts';
import { organizationReport } from '../history/organization-report.ts';
import { periodOf } from '../history/period.ts';
import { findOrganization, withStores } from './open.ts';

const formats = ['text', 'csv', 'pdf', 'html'] as const;
type Format = (typeof formats)[number];

/** `collector report`: what the page of the same period says, in the terminal or for a file. */
export async function report(args: Arguments): Promise<number> {
  const id = textOf(args, 'month') ?? textOf(args, 'quarter');
  const period = id === undefined ? undefined : periodOf(id, new Date());
  if (period === undefined) {
    throw new UsageError('report: say --month 2026-10 or --quarter 2026-Q3, one that has begun');
  }
  const format = (textOf(args, 'format') ?? 'text') as Format;
  if (!formats.includes(format)) throw new UsageError(`report: --format is ${formats.join(', ')}`);
  return withStores(async (stores) => {
    const organization = await findOrganization(stores, textOf(args, 'organization'));
    const made = await organizationReport(stores, organization, period, new Date());
    if (format === 'csv') {
      const { organizationCsv } = await import('../exports/organization-csv.ts');
      process.stdout.write(organizationCsv(made));
    } else if (format === 'pdf') {
      const { sheetPdf } = await import('../exports/sheet-pdf.ts');
      process.stdout.write(await sheetPdf(organizationSheet(made)));
    } else if (format === 'html') {
      const { sheetHtml } = await import('../pages/sheet-document.tsx');
      process.stdout.write(sheetHtml(organizationSheet(made)));
    } else {
      const { sheetText } = await import('../exports/sheet-text.ts');
      process.stdout.write(sheetText(organizationSheet(made)));
    }
    return 0;
  });
}
