import { z } from 'zod';
import {
  appIds,
  backupProductIds,
  malwareProductIds,
  passwordManagerIds,
  syncClientIds,
} from './product-ids.ts';
import { table } from './table.ts';

const Text = z.string().min(1).max(80);

/**
 * How a product shows on a machine: enough to recognise it, nothing to run. A product that is merely installed is not yet
 * one in use: what counts is said by the check.
 */
const traces = {
  darwin: z
    .strictObject({
      /** Folder names under /Applications. */
      apps: z.array(Text).optional(),
      /** Beginnings of entries of ~/Library/CloudStorage, up to the first `-`. */
      cloudStorage: z.array(Text).optional(),
      /** Folders in the home folder. */
      home: z.array(Text).optional(),
    })
    .optional(),
  win32: z
    .strictObject({
      /** Beginnings of DisplayName (Uninstall keys, Security Center), compared without case, up to a word's end. */
      names: z.array(Text),
      /** The whole name must be the same, because the beginning is too short to mean anything. */
      exact: z.boolean().optional(),
    })
    .optional(),
  linux: z
    .strictObject({
      packages: z.array(Text).optional(),
      units: z.array(Text).optional(),
      flatpaks: z.array(Text).optional(),
      snaps: z.array(Text).optional(),
    })
    .optional(),
};
const product = <const Id extends readonly [string, ...string[]]>(ids: Id) =>
  table(z.strictObject({ id: z.enum(ids), ...traces }));

/** What the agent recognises, by kind. */
export const Products = z.strictObject({
  malware: product(malwareProductIds),
  sync: product(syncClientIds),
  backup: product(backupProductIds),
  passwordManagers: product(passwordManagerIds),
  apps: product(appIds),
});
export type Products = z.infer<typeof Products>;
