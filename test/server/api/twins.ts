/** What each form of the pages is in the API, or why it is not there. A form that is not in this table fails a test. */

/** A route of the API below `/api/v1/organizations/:organization`, or why there is none, in a sentence. */
export type Twin = { readonly api: readonly string[] } | { readonly none: string };

const api = (...routes: readonly string[]): Twin => ({ api: routes });
const none = (reason: string): Twin => ({ none: reason });

const ownAccount =
  'One’s own way in is set up in the browser by the person: the ceremony and the secrets are nothing for a program.';
const comingIn = 'Coming in makes a session of a browser; a program has a token.';
const ownLaptop =
  'For whoever uses the laptop, by a one-time link of its agent: no account, no token, one laptop.';

export const twins: Readonly<Record<string, Twin>> = {
  '/account/name': none(ownAccount),
  '/account/passkeys': none(ownAccount),
  '/account/passkeys/:passkey/remove': none(ownAccount),
  '/account/passkeys/options': none(ownAccount),
  '/account/password': none(ownAccount),
  '/account/recovery-codes': none(ownAccount),
  '/account/second-factor': none(ownAccount),
  '/account/second-factor/remove': none(ownAccount),
  '/account/sessions/:session/end': none(ownAccount),
  '/account/sessions/end-others': none(ownAccount),
  '/sign-in': none(comingIn),
  '/sign-in/link': none(comingIn),
  '/sign-in/passkey': none(comingIn),
  '/sign-in/passkey/options': none(comingIn),
  '/sign-in/second-factor': none(comingIn),
  '/sign-out': none(comingIn),
  '/my-device/open': none(ownLaptop),
  '/my-device/close': none(ownLaptop),
  '/my-device/requests': none(ownLaptop),
  '/statement': none(
    'Whoever is asked answers by their personal link, or the laptop does with `POST /api/v1/attestations`.',
  ),
  '/organizations/new': api('POST /api/v1/organizations'),

  '/organizations/:organization/devices/:device/owner': api('PATCH /devices/:device'),
  '/organizations/:organization/devices/:device/leave': api('PATCH /devices/:device'),
  '/organizations/:organization/devices/:device/retire': api('PATCH /devices/:device'),
  '/organizations/:organization/devices/:device/holder': api('POST /devices/:device/holder'),

  '/organizations/:organization/policy/draft/checks/:check': api('PUT /policy-draft'),
  '/organizations/:organization/policy/draft/schedule': api('PUT /policy-draft'),
  '/organizations/:organization/policy/draft/import': api('PUT /policy-draft'),
  '/organizations/:organization/policy/draft/discard': api('DELETE /policy-draft'),
  '/organizations/:organization/policy/draft/publish': api(
    'POST /policy-draft/publication',
    'POST /policies',
  ),
  '/organizations/:organization/policy/again': api('POST /policies/again'),
  '/organizations/:organization/policy/versions/:version(^\\d+$)/withdraw': api(
    'POST /policies/:version/withdraw',
  ),

  '/organizations/:organization/waivers': api('POST /waivers'),
  '/organizations/:organization/waivers/:waiver/approve': api('POST /waivers/:waiver/approve'),
  '/organizations/:organization/waivers/:waiver/refuse': api('POST /waivers/:waiver/refuse'),
  '/organizations/:organization/waivers/:waiver/shorten': api('POST /waivers/:waiver/shorten'),
  '/organizations/:organization/waivers/:waiver/withdraw': api('POST /waivers/:waiver/withdraw'),

  '/organizations/:organization/registers/:register': api('POST /registers/contacts'),
  '/organizations/:organization/registers/:register/records/:record/change': api(
    'PUT /registers/contacts/:record',
  ),
  '/organizations/:organization/registers/:register/records/:record/steps/:step': api(
    'POST /registers/contacts/:record/steps/end',
    'POST /registers/access-approvals/:record/steps/approve',
  ),

  '/organizations/:organization/attestations': api('POST /attestations'),
  '/organizations/:organization/attestations/:campaign/end': api('POST /attestations/:campaign/end'),
  '/organizations/:organization/attestations/:campaign/people/:person/link': api(
    'POST /attestations/:campaign/people/:person/link',
  ),
  '/organizations/:organization/attestations/:campaign/people/:person/countersign': api(
    'POST /attestations/:campaign/people/:person/countersign',
  ),
  '/organizations/:organization/attestations/:campaign/people/:person/put-right': api(
    'POST /attestations/:campaign/people/:person/put-right',
  ),
  '/organizations/:organization/clauses/:clause/exclude': api('PUT /clauses/:clause/exclusion'),
  '/organizations/:organization/clauses/:clause/include': api('DELETE /clauses/:clause/exclusion'),

  '/organizations/:organization/alerts/e-mails': api('PUT /alerts/e-mails'),
  '/organizations/:organization/alerts/settings': api('PUT /alerts/settings'),
  '/organizations/:organization/alerts/webhooks': api('POST /webhooks'),
  '/organizations/:organization/alerts/webhooks/:webhook/test': api('POST /webhooks/:webhook/test'),
  '/organizations/:organization/alerts/webhooks/:webhook/pause': api('POST /webhooks/:webhook/pause'),
  '/organizations/:organization/alerts/webhooks/:webhook/resume': api('POST /webhooks/:webhook/resume'),
  '/organizations/:organization/alerts/webhooks/:webhook/remove': api('DELETE /webhooks/:webhook'),

  '/organizations/:organization/people': api('POST /people'),
  '/organizations/:organization/people/:person/link': api('POST /people/:person/link'),
  '/organizations/:organization/people/:person/roles': api('PUT /people/:person/roles/:role'),
  '/organizations/:organization/people/:person/roles/remove': api('DELETE /people/:person/roles/:role'),
  '/organizations/:organization/people/:person/disable': api('PATCH /people/:person'),
  '/organizations/:organization/second-factor': api('PATCH /settings'),
  '/organizations/:organization/api-tokens': api('POST /api-tokens'),
  '/organizations/:organization/api-tokens/:token/revoke': api('DELETE /api-tokens/:token'),

  '/organizations/:organization/privacy/people': api('POST /privacy/people'),
  '/organizations/:organization/privacy/people/:person': api('PUT /privacy/people/:person'),
  '/organizations/:organization/privacy/people/:person/laptop': api(
    'PUT /privacy/people/:person/laptops/:device',
  ),
  '/organizations/:organization/privacy/people/:person/copy': api('POST /privacy/people/:person/copy'),
  '/organizations/:organization/privacy/people/:person/restrict': api(
    'POST /privacy/people/:person/restrict',
  ),
  '/organizations/:organization/privacy/people/:person/lift': api('POST /privacy/people/:person/lift'),
  '/organizations/:organization/privacy/people/:person/erase': api('POST /privacy/people/:person/erase'),
  '/organizations/:organization/privacy/assessment': api('POST /privacy/assessment'),
};
