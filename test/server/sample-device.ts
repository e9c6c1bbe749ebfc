import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { sha256, signJws } from '../../server/signing/compact-jws.ts';
import { rawPublicKey } from '../../server/signing/keys.ts';
import { newId } from '../../server/storage/ids.ts';
import type { EnrollResponse } from '../../shared/api.ts';
import { deviceRequestType } from '../../shared/device-request.ts';
import type { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';
import { factsDigestInput, reportType } from '../../shared/report.ts';

export const sampleMachine: Machine = {
  platform: 'linux',
  osName: 'ubuntu',
  osVersion: '24.04',
  desktop: 'gnome',
};

/** Facts of a laptop that is mostly in order; `firewall` says in which state the firewall is. */
export function sampleFacts(firewall: 'on' | 'off' | 'unknown' = 'on'): Facts {
  return {
    'disk-encryption': {
      system: { value: { state: 'encrypted' } },
      'other-volumes': { value: { volumes: 2, unencrypted: 0, swap: false } },
      'recovery-key': { value: { present: true, cloudAccountOnly: false } },
    },
    firewall: {
      enabled: {
        value: { scopes: [{ scope: 'machine', state: firewall }], thirdParty: false, configuredOnly: false },
      },
      'inbound-default': { value: { scopes: [{ scope: 'machine', inbound: 'refused' }] } },
    },
    'password-policy': { 'min-length': { unknown: 'denied' } },
  };
}

/** A device as the collector meets it: a key, an id, and a chain of reports. */
export class SampleDevice {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
  id = newId(new Date());
  sequence = 0;
  previous: string | null = null;
  factsDigest = '';

  readonly machine: Machine;

  constructor(machine: Machine = sampleMachine) {
    this.machine = machine;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    this.publicKey = rawPublicKey(publicKey).toString('base64url');
  }

  /** The next report of the chain with these facts, signed; `change` may spoil it. */
  full(facts: Facts, change: Record<string, unknown> = {}): string {
    this.factsDigest = sha256(factsDigestInput({ machine: this.machine, facts })).toString('hex');
    return this.next({ machine: this.machine, facts, ...change });
  }

  /** The next report, saying that nothing has changed. */
  unchanged(change: Record<string, unknown> = {}): string {
    return this.next({ unchanged: this.factsDigest, ...change });
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

  sign(report: unknown, kid = this.id): string {
    return signJws(JSON.stringify(report), reportType, this.privateKey, kid);
  }

  /** Authorization header for one request. */
  authorize(method: string, path: string, body = '', change: Record<string, unknown> = {}): string {
    const claims = {
      sub: this.id,
      method,
      path,
      body: sha256(body).toString('hex'),
      jti: randomBytes(16).toString('base64url'),
      iat: Math.floor(Date.now() / 1_000),
      ...change,
    };
    return `Bearer ${signJws(JSON.stringify(claims), deviceRequestType, this.privateKey, this.id)}`;
  }

  /** Enrolls with a code; remembers the id. */
  async enroll(url: string, code: string): Promise<Response> {
    const response = await fetch(`${url}/api/v1/enroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code,
        publicKey: this.publicKey,
        agent: '0.1.0',
        machine: sampleMachine,
        noticeVersion: '1',
      }),
    });
    if (response.ok) this.id = ((await response.clone().json()) as EnrollResponse).device;
    return response;
  }
}

/** Hands in a report. */
export function post(
  url: string,
  jws: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/jose', ...headers },
    body: jws as string,
  });
}
