import { z } from 'zod';
import { PublicKey } from '../../shared/api.ts';
import { Id, Sha256 } from '../../shared/report.ts';

/** `typ` of the signed list of what a bundle holds. */
export const bundleType = 'muster-bundle+jws';

/** What a bundle says of itself: the payload of `manifest.jws`, signed by the collector. */
export const BundleManifest = z.object({
  schema: z.literal('muster.bundle/1'),
  organization: z.object({ id: Id, name: z.string().max(200) }),
  /** Everything in it was made up for a demonstration. */
  sample: z.boolean(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  /** Raw Ed25519 key in base64url: every laptop has pinned it since it enrolled. */
  collectorKey: PublicKey,
  devices: z.array(
    z.object({
      id: Id,
      label: z.string().regex(/^[A-Z0-9-]{1,20}$/),
      publicKey: PublicKey,
      /** Sequences of the first and the last report in the bundle. */
      first: z.int().positive(),
      last: z.int().positive(),
    }),
  ),
  files: z.array(z.object({ path: z.string().max(100), sha256: Sha256 })),
});
export type BundleManifest = z.output<typeof BundleManifest>;

/** What stands in every bundle for whoever opens it. */
export const readme = `Evidence bundle

manifest.jws        list of every file with its SHA-256, signed by the collector (compact JWS, EdDSA)
keys/               public keys: the collector's, and each laptop's
reports/LAPTOP/     the reports as the laptop signed them, one file each (compact JWS, EdDSA)
policies/           each version of the policy that was in force
waivers.json        what was excused at the end, by whom it was asked and by whom approved
clauses.json        how each sentence of the written policy stood at the end, as the collector states it, with its numbers
statements/         what people stated on their laptops, signed there (compact JWS, EdDSA; "device" names the key)

Verify all of it, without a collector and without a network:

  collector verify --bundle THIS.tar

It checks the signature of the manifest, the SHA-256 of every file, and of every report the signature, the laptop and its place in the
chain: each report names the SHA-256 of the one before it. Compare the collector's key it prints with the one you were given by another way.

The same with openssl 3 (one report):

  F=reports/LAPTOP/000001.jws
  printf %s "$(cut -d. -f1,2 $F)" > signed
  cut -d. -f3 $F | tr -d '\\n' | tr '_-' '/+' | sed 's/$/==/' | openssl base64 -d -A > signature
  openssl pkeyutl -verify -pubin -inkey keys/LAPTOP.pem -rawin -in signed -sigfile signature
  cut -d. -f2 $F | tr '_-' '/+' | sed 's/$/===/' | openssl base64 -d -A     # what it says
  openssl dgst -sha256 $F                                                   # what the next report names as "previous"
`;
