/** Where a secret lives, as `--doctor` and `--status` say it. */
export type SecretHome = 'keychain' | 'file';

/** A place for one secret. Reading gives undefined when it holds none; every method throws when the place cannot be used. */
export interface SecretStore {
  readonly home: SecretHome;
  /** The place in words, for staff. */
  readonly description: string;
  read(): Promise<string | undefined>;
  write(secret: string): Promise<void>;
  remove(): Promise<void>;
}
