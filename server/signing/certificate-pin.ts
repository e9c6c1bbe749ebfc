import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 of a certificate (DER) in hex: what enrollment tokens pin. */
export function certificatePin(path: string): string {
  return new X509Certificate(readFileSync(path)).fingerprint256.replaceAll(':', '').toLowerCase();
}
