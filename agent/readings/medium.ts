/** A volume on a stick, card or external disk that is mounted now. */
export interface Medium {
  /** What the system calls it: `sdb1`, `disk4s1`, `E:`. Means nothing once it is pulled, and never leaves the machine. */
  readonly device: string;
  readonly encrypted: boolean;
  readonly writable: boolean;
}

/** Whether data can leave on it unprotected. */
export const isExposed = ({ encrypted, writable }: Medium): boolean => writable && !encrypted;
