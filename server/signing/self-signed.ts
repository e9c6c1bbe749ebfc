import 'reflect-metadata';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { isLoopback } from '../configuration.ts';

const years = 5;

/**
 * Makes a certificate of our own for a host, once; where there is one already, that one is kept. Nobody has to vouch for it:
 * every enrollment token carries its digest, and agents accept no other.
 */
export async function createSelfSigned(files: { cert: string; key: string }, host: string): Promise<void> {
  if (existsSync(files.cert) && existsSync(files.key)) return;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const isAddress = /^[\d.]+$|:/.test(host);
  const names = [
    { type: isAddress ? ('ip' as const) : ('dns' as const), value: host },
    ...(isLoopback(host) ? [] : [{ type: 'dns' as const, value: 'localhost' }]),
  ];
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Muster collector',
    // A minute ago, for agents whose clock is a little behind.
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + years * 365 * 86_400_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names),
    ],
  });
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  mkdirSync(dirname(files.cert), { recursive: true, mode: 0o700 });
  writeFileSync(files.key, `${key}\n`, { mode: 0o600 });
  writeFileSync(files.cert, `${certificate.toString('pem')}\n`, { mode: 0o644 });
}
