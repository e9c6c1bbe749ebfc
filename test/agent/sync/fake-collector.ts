import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  randomUUIDv7,
  sign,
  X509Certificate,
} from 'node:crypto';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { compactVerify, importJWK, jwtVerify } from 'jose';
import { type EnrollmentToken, formatToken } from '../../../shared/api.ts';
import {
  collectorProofHeader,
  collectorProofType,
  DeviceRequestClaims,
} from '../../../shared/device-request.ts';
import { basePolicy, type Policy } from '../../../shared/policy.ts';
import { type PolicyDocument, policyDocument, policyType } from '../../../shared/policy-document.ts';
import { factsDigestInput, Report, reportType } from '../../../shared/report.ts';
import { WaiverRequest } from '../../../shared/waiver-request.ts';
import { certificateOne } from './certificates.ts';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

/** What a test wants to go wrong. Returns true when it has answered. */
export type Fault = (request: IncomingMessage, response: ServerResponse, body: string) => boolean;

interface Kept {
  readonly jws: string;
  readonly report: Report;
}

/**
 * A collector that keeps the contract of shared/api.ts over real sockets and verifies with `jose`, so that the agent's own
 * signing is held against another implementation.
 */
export class FakeCollector {
  readonly kept: Kept[] = [];
  /** Every request that came through, by method and path; what a refused handshake never sends is not here. */
  readonly requests: string[] = [];
  readonly enrollments: unknown[] = [];
  readonly waiverRequests: WaiverRequest[] = [];
  readonly wireBytes: number[] = [];
  fault: Fault | undefined;
  policy: Policy = { ...basePolicy(), id: 'example', version: 3 };
  policyKey = generateKeyPairSync('ed25519');
  publishedAt = new Date('2026-11-01T00:00:00Z');
  /** What its policy says of one device alone. */
  personal: PolicyDocument['device'];
  revoked = false;
  readonly device = randomUUIDv7();
  readonly code = randomBytes(32).toString('base64url');
  publicKey: string | undefined;
  readonly #server: Server;
  readonly #tls: boolean;
  readonly #nonces = new Set<string>();

  private constructor(server: Server, tls: boolean) {
    this.#server = server;
    this.#tls = tls;
  }

  static async start({
    tls = certificateOne,
    port = 0,
  }: {
    tls?: { key: string; cert: string } | null;
    port?: number;
  } = {}) {
    const server = tls === null ? createHttp() : createHttps(tls);
    const collector = new FakeCollector(server, tls !== null);
    server.on('request', (request, response) => collector.#receive(request, response));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return collector;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  token(change: Partial<EnrollmentToken> = {}): string {
    return formatToken({
      url: this.url,
      code: this.code,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      pin: this.#tls ? pinOf(certificateOne.cert) : null,
      ...change,
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      this.wireBytes.push(bytes.length);
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      if (this.fault?.(request, response, body) === true) return;
      this.#answer(request, response, body).catch((error: Error) => {
        problem(response, 500, 'internal', { detail: error.message });
      });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    switch (`${request.method} ${request.url?.replace(/\?held=\d+$/, '')}`) {
      case 'GET /api/v1/enroll':
        if (bearer !== this.code) return problem(response, 410, 'code-expired');
        return json(response, 200, notice);
      case 'POST /api/v1/enroll': {
        const asked = JSON.parse(body) as { code: string; publicKey: string };
        if (asked.code !== this.code || (this.publicKey ?? asked.publicKey) !== asked.publicKey) {
          return problem(response, 410, 'code-expired');
        }
        this.publicKey = asked.publicKey;
        this.enrollments.push(asked);
        return json(response, 201, {
          device: this.device,
          organization: 'Example Ltd',
          collectorKey: this.policyKey.publicKey.export({ format: 'jwk' }).x,
        });
      }
      case 'GET /api/v1/policy': {
        const { jti } = await this.#device(request, bearer, body);
        const jws = this.signedPolicy();
        const etag = `"${sha256(jws)}"`;
        response.setHeader(collectorProofHeader, this.signed({ jti, etag }, collectorProofType));
        if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
        return void response.writeHead(200, { 'content-type': 'application/jose', etag }).end(jws);
      }
      case 'POST /api/v1/reports':
        return this.#report(response, body);
      case 'DELETE /api/v1/enroll':
        await this.#device(request, bearer, body);
        this.revoked = true;
        return void response.writeHead(204).end();
      case 'POST /api/v1/waiver-requests':
        await this.#device(request, bearer, body);
        this.waiverRequests.push(WaiverRequest.parse(JSON.parse(body)));
        return void response.writeHead(202).end();
      case 'POST /api/v1/device-links':
        await this.#device(request, bearer, body);
        return json(response, 201, {
          path: `/my-device/open?code=${randomBytes(32).toString('base64url')}`,
          expiresAt: new Date(Date.now() + 600_000).toISOString(),
        });
      case 'GET /healthz':
        return json(response, 200, { status: 'ok' });
      default:
        return problem(response, 404, 'not-found');
    }
  }

  signedPolicy(): string {
    const document = policyDocument(this.policy, this.publishedAt);
    return this.signed({ ...document, ...(this.personal && { device: this.personal }) }, policyType);
  }

  /** A compact JWS of the collector's key. */
  signed(what: object, typ: string): string {
    const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ })).toString('base64url');
    const payload = Buffer.from(JSON.stringify(what)).toString('base64url');
    const input = `${header}.${payload}`;
    return `${input}.${sign(null, Buffer.from(input), this.policyKey.privateKey).toString('base64url')}`;
  }

  async #device(request: IncomingMessage, bearer: string, body: string): Promise<DeviceRequestClaims> {
    const { payload } = await jwtVerify(bearer, await this.#key(), { algorithms: ['EdDSA'] });
    const claims = DeviceRequestClaims.parse(payload);
    const fits =
      claims.sub === this.device &&
      claims.method === request.method &&
      claims.path === request.url &&
      claims.body === sha256(body) &&
      !this.#nonces.has(claims.jti);
    this.#nonces.add(claims.jti);
    if (!fits) throw new Error('not this request');
    return claims;
  }

  async #report(response: ServerResponse, jws: string): Promise<void> {
    if (this.revoked) return problem(response, 403, 'device-revoked');
    const { payload, protectedHeader } = await compactVerify(jws, await this.#key(), {
      algorithms: ['EdDSA'],
    });
    if (
      Object.keys(protectedHeader).toSorted().join() !== 'alg,kid,typ' ||
      protectedHeader.typ !== reportType
    ) {
      return problem(response, 400, 'bad-report');
    }
    const raw = JSON.parse(new TextDecoder().decode(payload)) as { machine: unknown; facts: unknown };
    const report = Report.parse(raw);
    const known = this.kept[report.sequence - 1];
    if (known?.jws === jws) return json(response, 200, this.#receipt(report.sequence, jws));
    const expectedSequence = this.kept.length + 1;
    if (report.sequence > expectedSequence)
      return problem(response, 409, 'sequence-gap', { expectedSequence });
    const last = this.kept.at(-1);
    if (report.sequence < expectedSequence || report.previous !== (last ? sha256(last.jws) : null)) {
      return problem(response, 409, 'chain-broken', { expectedSequence });
    }
    if (Date.parse(report.takenAt) > Date.now() + 300_000) return problem(response, 422, 'clock-skew');
    if ('unchanged' in report && !this.#digests().has(report.unchanged)) {
      return problem(response, 409, 'digest-unknown');
    }
    this.kept.push({ jws, report });
    json(response, 201, this.#receipt(report.sequence, jws));
  }

  #digests(): Set<string> {
    return new Set(
      this.kept.flatMap(({ report }) => ('facts' in report ? [sha256(factsDigestInput(report))] : [])),
    );
  }

  #receipt(sequence: number, jws: string) {
    return {
      sequence,
      digest: sha256(jws),
      receivedAt: new Date().toISOString(),
      policy: { id: this.policy.id, version: this.policy.version },
    };
  }

  async #key() {
    return importJWK({ kty: 'OKP', crv: 'Ed25519', x: this.publicKey ?? '' }, 'EdDSA');
  }
}

export const pinOf = (pem: string) => sha256(new X509Certificate(pem).raw);

const notice = {
  version: '1',
  controller: 'Example Ltd',
  contact: 'dpo@example.test',
  purpose: 'To see whether laptops are set up as the policy asks.',
  seenBy: 'The IT contractor.',
  retention: '90 days.',
};

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function problem(response: ServerResponse, status: number, type: string, more: object = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: `urn:muster:problem:${type}`, title: type, status, ...more }));
}
