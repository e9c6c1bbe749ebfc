import { randomBytes } from 'node:crypto';
import { SampleSigner } from '../../server/sample/signer.ts';
import { sha256, signJws } from '../../server/signing/compact-jws.ts';
import type { EnrollResponse } from '../../shared/api.ts';
import { deviceRequestType } from '../../shared/device-request.ts';
import type { Facts } from '../../shared/facts.ts';
import type { Machine } from '../../shared/machine.ts';

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

/** A device as the collector meets it, and what it sends beside reports. */
export class SampleDevice extends SampleSigner {
  constructor(machine: Machine = sampleMachine) {
    super(machine);
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
