import type { Database } from '../database.ts';
import { type ErasureCertificate, type ErasureStore, erasureStore } from './erasures.ts';
import { type Purged, type PurgeStore, purgeStore } from './purges.ts';
import { type ReceiptStore, receiptStore } from './receipts.ts';

export type { ErasureCertificate, Purged };

/** Deletes what has been kept long enough, and what somebody asked to have erased; keeps the receipts. */
export type RetentionStore = PurgeStore & ReceiptStore & ErasureStore;

export const retentionStore = (db: Database): RetentionStore => ({
  ...purgeStore(db),
  ...receiptStore(db),
  ...erasureStore(db),
});
