/** The company's own identity provider, by OpenID Connect. */
export interface SingleSignOn {
  /** Where to send the browser, and what has to come back. Throws where the provider does not answer. */
  begin(redirectUri: string): Promise<{ readonly address: string; readonly detail: SignInProof }>;
  /** The verified e-mail address of whoever came back; undefined when there is none. Throws where something does not fit. */
  finish(returned: URL, detail: SignInProof): Promise<string | undefined>;
}

/** What the answer must fit: kept here, known to nobody else. */
export interface SignInProof {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface SingleSignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Authorization code flow with PKCE, state and nonce. The provider is asked for its configuration at the first sign-in. */
export function singleSignOn({ issuer, clientId, clientSecret }: SingleSignOnSettings): SingleSignOn {
  const server = new URL(issuer);
  let discovered: Promise<import('openid-client').Configuration> | undefined;

  async function client() {
    const library = await import('openid-client');
    // Plain HTTP only to a provider on this very machine, as tests have it.
    const execute = server.protocol === 'http:' ? [library.allowInsecureRequests] : [];
    discovered ??= library.discovery(server, clientId, undefined, library.ClientSecretBasic(clientSecret), {
      execute,
      timeout: 10,
    });
    try {
      return { library, configuration: await discovered };
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  }

  return {
    async begin(redirectUri) {
      const { library, configuration } = await client();
      const detail: SignInProof = {
        state: library.randomState(),
        nonce: library.randomNonce(),
        verifier: library.randomPKCECodeVerifier(),
      };
      const address = library.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid email',
        response_type: 'code',
        state: detail.state,
        nonce: detail.nonce,
        code_challenge: await library.calculatePKCECodeChallenge(detail.verifier),
        code_challenge_method: 'S256',
      });
      return { address: address.href, detail };
    },
    async finish(returned, { state, nonce, verifier }) {
      const { library, configuration } = await client();
      const tokens = await library.authorizationCodeGrant(configuration, returned, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) return undefined;
      const known =
        typeof claims['email'] === 'string'
          ? claims
          : await library.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      const { email, email_verified: verified } = known as { email?: unknown; email_verified?: unknown };
      return verified === true && typeof email === 'string' ? email : undefined;
    },
  };
}
