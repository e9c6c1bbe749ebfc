import { momentOf } from '../moments.ts';

/** A statement that people are asked for. */
export interface Campaign {
  readonly id: string;
  readonly template: string;
  readonly title: string;
  readonly statement: string;
  /** SHA-256 of the statement's exact words, in hex. */
  readonly digest: string;
  readonly role: string;
  readonly periodFrom: Date;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly validUntil: Date;
  readonly endedAt: Date | null;
}

/** What `campaignOf` reads. */
export const campaignColumns = [
  'id',
  'template',
  'title',
  'statement',
  'digest',
  'role',
  'period_from',
  'created_at',
  'due_at',
  'valid_until',
  'ended_at',
] as const;

/** A row of `campaignColumns`. */
export interface CampaignRow {
  id: string;
  template: string;
  title: string;
  statement: string;
  digest: Uint8Array;
  role: string;
  period_from: number;
  created_at: number;
  due_at: number;
  valid_until: number;
  ended_at: number | null;
}

/** A row as the collector speaks of it. */
export const campaignOf = (row: CampaignRow): Campaign => ({
  id: row.id,
  template: row.template,
  title: row.title,
  statement: row.statement,
  digest: Buffer.from(row.digest).toString('hex'),
  role: row.role,
  periodFrom: new Date(row.period_from),
  createdAt: new Date(row.created_at),
  dueAt: new Date(row.due_at),
  validUntil: new Date(row.valid_until),
  endedAt: momentOf(row.ended_at),
});
