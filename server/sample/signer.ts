import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import { factsDigestInput, reportType } from '../../shared/report.ts';
import { sha256, signJws } from '../signing/compact-jws.ts';
import { rawPublicKey } from '../signing/keys.ts';
import { newId } from '../storage/ids.ts';

/** A made-up laptop as the collector meets it: a key of its own, an id, and a chain of signed reports. */
export class SampleSigner {
  readonly privateKey: KeyObject;
  /** Raw 32 bytes in base64url. */
  readonly publicKey: string;
  readonly machine: Machine;
  id = newId(new Date());
  sequence = 0;
  previous: string | null = null;
  factsDigest = '';

  constructor(machine: Machine) {
    this.machine = machine;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    this.publicKey = rawPublicKey(publicKey).toString('base64url');
  }

  /** The next report of the chain with these facts, signed; `change` overrides members. */
  full(facts: Facts, change: Record<string, unknown> = {}): string {
    this.factsDigest = sha256(factsDigestInput({ machine: this.machine, facts })).toString('hex');
    return this.next({ machine: this.machine, facts, ...change });
  }

  /** The next report, saying that nothing has changed. */
  unchanged(change: Record<string, unknown> = {}): string {
    return this.next({ unchanged: this.factsDigest, ...change });
  }

  /** Signs a report as it stands. */
  sign(report: unknown, kid = this.id): string {
    return signJws(JSON.stringify(report), reportType, this.privateKey, kid);
  }

  private next(members: Record<string, unknown>): string {
    const jws = this.sign({
      schema: 'muster.report/1',
      id: newId(new Date()),
      device: this.id,
      sequence: this.sequence + 1,
      previous: this.previous,
      takenAt: new Date().toISOString(),
      agent: '0.1.0',
      policy: { id: 'base', version: 1 },
      ...members,
    });
    this.sequence += 1;
    this.previous = sha256(jws).toString('hex');
    return jws;
  }
}
