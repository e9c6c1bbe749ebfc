import { z } from 'zod';
import { Id, Sha256 } from './report.ts';

/**
 * How a device shows who it is where no signed report does: `Authorization: Bearer <JWT>`, signed with the device's key. The
 * header carries nothing but `alg: EdDSA`, `typ` as below and `kid`, the device. It is good for one request: bound to
 * method, path and body, and its `jti` is accepted once.
 */
export const DeviceRequestClaims = z.strictObject({
  /** The device. */
  sub: Id,
  /** `GET`, `POST`. */
  method: z.string().regex(/^[A-Z]{3,7}$/),
  /** Path and query as they stand in the request line: `/api/v1/policy`. */
  path: z.string().regex(/^\/[!-~]{0,500}$/),
  /** SHA-256 of the body's bytes; of no bytes where there is no body. */
  body: Sha256,
  /** 16 random bytes in base64url. */
  jti: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  /** Seconds since 1970, by the device's clock. */
  iat: z.int().positive(),
});
export type DeviceRequestClaims = z.output<typeof DeviceRequestClaims>;

export const deviceRequestType = 'muster-request+jwt';

/**
 * How the collector shows that it is the one a device was enrolled with: the answer to `GET /api/v1/policy`, changed or not, has the
 * header `muster-proof`, a compact JWS signed with the collector's key (header: `alg: EdDSA`, `typ` as below). It is good for
 * that one request, so that nobody can answer with what the collector said before.
 */
export const CollectorProof = z.strictObject({
  /** The `jti` of the request. */
  jti: DeviceRequestClaims.shape.jti,
  /** ETag of the policy in force. */
  etag: z.string().max(200),
});
export type CollectorProof = z.output<typeof CollectorProof>;

export const collectorProofType = 'muster-proof+jws';
export const collectorProofHeader = 'muster-proof';

/** A request is refused when its `iat` is further than this from the collector's clock; see the Date header of the answer. */
export const deviceRequestMaxSkewSeconds = 300;
