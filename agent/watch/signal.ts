/** Something that calls back when media come or go, until it is stopped. */
export interface Signal {
  stop(): void;
}
