import { type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';

/** What a LUKS header says; keys and salts are never kept. */
export interface LuksHeader {
  /** Key slots in use that open the volume. */
  readonly slots: number;
  /** A recovery key made by systemd-cryptenroll. */
  readonly hasRecoveryToken: boolean;
  /** `cipher_null`: looks like encryption everywhere else and is none. */
  readonly encryptsNothing: boolean;
}

/** `cryptsetup luksDump /dev/nvme0n1p3` (cryptsetup 2.1 to 2.8). Needs root. Throws SourceError. */
export async function readLuksHeader(sources: Sources, path: string): Promise<LuksHeader> {
  const { stdout } = await answered(sources, ['cryptsetup', 'luksDump', path]);
  return parseLuksHeader(stdout);
}

/** LUKS2: `  0: luks2`, `  0: systemd-recovery`, `cipher: aes-xts-plain64`; LUKS1: `Key Slot 0: ENABLED`, `Cipher name: aes`. */
export function parseLuksHeader(stdout: string): LuksHeader {
  const slots = [...stdout.matchAll(/^(?:Key Slot \d+:\s+ENABLED|\s*\d+:\s+luks2(?!.*unbound)\b.*)$/gm)]
    .length;
  if (slots === 0) throw unparseable('cryptsetup luksDump');
  return {
    slots,
    hasRecoveryToken: /^[^\S\n]*\d+:\s+systemd-recovery\b/m.test(stdout),
    encryptsNothing: /^[^\S\n]*cipher(?: name)?:\s*cipher_null/im.test(stdout),
  };
}
