/** What every file of an installer says of when it was made: when its source was committed, so that two builds are alike. */
export interface BuildMoment {
  /** Seconds since 1970; SOURCE_DATE_EPOCH of reproducible-builds.org. */
  readonly epoch: number;
  readonly version: string;
  readonly commit: string;
}
