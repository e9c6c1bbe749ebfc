import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/**
 * What enrollment tokens pin of a certificate file: the SHA-256 of its first certificate (DER) in hex. Null when a public authority
 * vouches for its chain: agents can check that themselves, and such certificates are renewed every few weeks.
 */
export function certificatePin(path: string): string | null {
  const blocks =
    readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const [own, ...others] = blocks.map((block) => new X509Certificate(block));
  if (own === undefined) throw new Error('the certificate file holds no certificate');
  const top = others.at(-1) ?? own;
  return isVouchedFor(top) ? null : own.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Issued by, or itself, one of the authorities Node ships. */
function isVouchedFor(certificate: X509Certificate): boolean {
  return rootCertificates.some((text) => {
    const root = new X509Certificate(text);
    if (root.fingerprint256 === certificate.fingerprint256) return true;
    return certificate.checkIssued(root) && certificate.verify(root.publicKey);
  });
}
