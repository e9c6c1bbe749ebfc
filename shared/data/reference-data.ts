import { z } from 'zod';
import { appIds, watchedIds } from './product-ids.ts';
import { table } from './table.ts';

const Day = z.iso.date();

/**
 * Until when an operating system gets security fixes. `product` is `macos`, `windows` or os-release's ID; `release` the
 * major version (macOS), the build (Windows) or VERSION_ID; `9.*` = 9 and every 9.x; `*` = every release of a rolling
 * distribution; empty = a system that names no release (Debian unstable).
 */
export const OsLifecycle = z.strictObject({
  product: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,31}$/),
  release: z.string().max(32),
  /** Windows: the support dates differ by edition. */
  edition: z.enum(['consumer', 'enterprise', 'ltsc', 'iot-ltsc']).optional(),
  /** Last day with fixes for everybody; null = no end has been announced. */
  ends: Day.nullable(),
  /** Last day with fixes for those who enrolled or paid (ESU, ESM, ELTS). */
  extendedEnds: Day.optional(),
});
export type OsLifecycle = z.infer<typeof OsLifecycle>;

/** The releases of a program on one of its tracks (stable, extended support) that bring fixes. */
export const AppVersion = z.strictObject({
  app: z.enum(appIds),
  platform: z.enum(['darwin', 'linux', 'win32']).optional(),
  /** Versions that begin with this belong to the track; left out for the main one. */
  track: z.string().max(20).optional(),
  /** Whether every such release is listed. If not, the list can prove a version late, but none up to date. */
  complete: z.boolean(),
  /** Newest first: every release that fixes a hole. */
  releases: z
    .array(z.strictObject({ version: z.string().regex(/^[0-9]+(\.[0-9]+){0,4}$/), date: Day }))
    .min(1)
    .max(200),
});
export type AppVersion = z.infer<typeof AppVersion>;

/** A release of a program after whose end nobody fixes it. */
export const WatchedRelease = z.strictObject({
  product: z.enum(watchedIds),
  release: z.string().max(20),
  ends: Day.nullable(),
});
export type WatchedRelease = z.infer<typeof WatchedRelease>;

/** Facts about the world that judging needs, each with its date. A policy may bring newer ones. */
export const ReferenceData = z.strictObject({
  osLifecycles: table(OsLifecycle),
  appVersions: table(AppVersion),
  watchList: table(WatchedRelease),
});
export type ReferenceData = z.infer<typeof ReferenceData>;
