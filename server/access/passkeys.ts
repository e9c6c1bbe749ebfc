import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { Passkey } from '../storage/passkeys.ts';
import type { User } from '../storage/users.ts';
import type { RelyingParty } from './access.ts';

const Text = z.string().max(20_000);
const results = z.record(z.string(), z.unknown());

/** What a browser answers when it made a passkey. The library verifies what is inside. */
export const RegistrationResponse = z.object({
  id: Text,
  rawId: Text,
  type: z.literal('public-key'),
  clientExtensionResults: results,
  response: z.object({
    clientDataJSON: Text,
    attestationObject: Text,
    transports: z.array(Text).max(10).optional(),
  }),
});

/** What a browser answers when it used one. */
export const AuthenticationResponse = z.object({
  id: Text,
  rawId: Text,
  type: z.literal('public-key'),
  clientExtensionResults: results,
  response: z.object({
    clientDataJSON: Text,
    authenticatorData: Text,
    signature: Text,
    userHandle: Text.nullish(),
  }),
});

/** EdDSA, ES256 and RS256, which is what browsers and keys have (COSE algorithm numbers). */
const algorithms = [-8, -7, -257];

/** Asks for a new passkey: one that is found without a name being typed, and that asks for a finger, a face or a PIN. */
export async function creationOptions(
  { id }: RelyingParty,
  user: User,
  known: readonly Passkey[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  return generateRegistrationOptions({
    rpName: 'Muster',
    rpID: id,
    userName: user.email,
    userDisplayName: user.name,
    userID: new TextEncoder().encode(user.id),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known.map((passkey) => ({ id: passkey.id, transports: [...passkey.transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** The passkey that was made for this challenge, or undefined when something does not fit. */
export async function verifyCreation(
  { id, origin }: RelyingParty,
  challenge: string,
  response: z.infer<typeof RegistrationResponse>,
): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'> | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified || registrationInfo === undefined) return undefined;
    const { credential } = registrationInfo;
    return {
      id: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: credential.transports ?? [],
    };
  } catch {
    return undefined;
  }
}

/** Asks for a passkey: one of these, or whichever the person has. It always asks for a finger, a face or a PIN. */
export async function requestOptions(
  { id }: RelyingParty,
  known: readonly Passkey[],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  return generateAuthenticationOptions({
    rpID: id,
    userVerification: 'required',
    allowCredentials: known.map((passkey) => ({ id: passkey.id, transports: [...passkey.transports] })),
  });
}

/** The authenticator's new counter when it was this passkey that answered this challenge; undefined otherwise. */
export async function verifyUse(
  { id, origin }: RelyingParty,
  challenge: string,
  response: z.infer<typeof AuthenticationResponse>,
  passkey: Passkey,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
        transports: [...passkey.transports],
      },
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    return undefined;
  }
}
