import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Access } from '../../access/access.ts';
import type { WhatIfTrials } from '../../ingest/what-if.ts';
import type { CollectorKey } from '../../signing/collector-key.ts';
import type { Actor } from '../../storage/audit.ts';
import type { Owner } from '../../storage/devices.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { Stores } from '../../storage/stores.ts';

/** What every part of the API is given. */
export interface ApiOptions {
  readonly stores: Stores;
  readonly now: () => Date;
  readonly collectorKey: CollectorKey;
  /** Tries drafts of policies; the pages look at the same trials. */
  readonly trials: WhatIfTrials;
  readonly access: Access;
  /** A token that enrolls one laptop at the address people reach this collector by. */
  enrollmentToken(
    request: FastifyRequest,
    given: { organization: Organization; owner: Owner; expiresAt: Date },
    actor: Actor,
    at: Date,
  ): Promise<string>;
  /** How alerts can go out. */
  readonly alerts: { readonly mail: boolean; readonly allowPrivateWebhooks: boolean };
}

/** A part of the API. It says of each route who may call it, what it takes and what it answers; the rest is said once, in describe.ts. */
export type ApiRoutes = FastifyPluginAsyncZod<ApiOptions>;
