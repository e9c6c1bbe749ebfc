import { canonicalJson } from '../../../shared/canonical.ts';
import { approvalOf } from '../../review/device-approval.ts';
import type { Writing } from '../database.ts';

const register = 'mobile-approvals';

/**
 * Writes what the register of approvals says of a laptop to the laptop itself, in the transaction that changes the register: every report
 * is judged by it. The laptop is judged again soon after. Of other registers, and of what names no laptop, nothing is written.
 */
export async function keepApproval(
  writing: Writing,
  record: { readonly organization: number; readonly register: string; readonly title: string },
): Promise<void> {
  if (record.register !== register) return;
  const { organization, title: label } = record;
  const rows = await writing
    .selectFrom('register_records as records')
    .innerJoin('register_events as events', 'events.record', 'records.id')
    .select((select) => ['records.state', 'records.document', select.fn.max('events.at').as('approved_at')])
    .where('records.organization', '=', organization)
    .where('records.register', '=', register)
    .where('records.title', '=', label)
    .where('events.action', '=', 'approve')
    .groupBy(['records.id', 'records.state', 'records.document'])
    .execute();
  const approval = approvalOf(
    rows.map(({ state, document, approved_at }) => ({
      state,
      approvedAt: new Date(approved_at),
      values: JSON.parse(document) as Record<string, unknown>,
    })),
  );
  await writing
    .updateTable('devices')
    .set({ approval: approval === null ? null : canonicalJson(approval), judge_at: 0 })
    .where('organization', '=', organization)
    .where('label', '=', label)
    .execute();
}
