import type { Stores } from '../../storage/stores.ts';

/** What every part of the API is given. */
export interface ApiOptions {
  readonly stores: Stores;
  readonly now: () => Date;
}
