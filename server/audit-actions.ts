/**
 * Everything the audit log can tell, in words. An action that is not in this table does not compile: add one line. After the
 * name of whoever did it comes `words`; `{subject}` stands for what was acted on, other names in braces for a detail.
 */

/** What the audit log can be narrowed to. */
export const auditKinds = [
  'devices',
  'reports',
  'policy',
  'waivers',
  'registers',
  'privacy',
  'people',
  'sign-in',
  'settings',
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** What the id in `subject` is the id of; `none` where there is nothing to name. */
export type AuditSubject = 'device' | 'person' | 'none';

export interface ActionWords {
  readonly kind: AuditKind;
  readonly subject: AuditSubject;
  /** `{name}` stands for a detail, `{records:record:records}` for a number with the word it counts. */
  readonly words: string;
}

export const auditActions = {
  'organization.create': { kind: 'settings', subject: 'none', words: 'set up this organization' },
  'backup.create': { kind: 'settings', subject: 'none', words: 'made a backup of everything' },
  'backup.restore': {
    kind: 'settings',
    subject: 'none',
    words: 'put everything back as it was in the backup of {madeAt}',
  },
  'organization.second-factor': {
    kind: 'settings',
    subject: 'none',
    words: 'set whether a second factor is required to: {required}',
  },
  'policy.publish': {
    kind: 'policy',
    subject: 'none',
    words: 'published policy {policy}, version {version}',
  },

  'policy.in-force': {
    kind: 'policy',
    subject: 'none',
    words: 'put version {version} of the policy in force',
  },
  'policy.withdraw': {
    kind: 'policy',
    subject: 'none',
    words: 'withdrew version {version} of the policy',
  },
  'policy.draft': { kind: 'policy', subject: 'none', words: 'edited a draft of the policy' },
  'policy.draft.discard': { kind: 'policy', subject: 'none', words: 'discarded a draft of the policy' },

  'enrollment.create': { kind: 'devices', subject: 'none', words: 'made a token that enrolls a laptop' },
  'device.enroll': { kind: 'devices', subject: 'device', words: 'joined the fleet' },
  'device.view': { kind: 'devices', subject: 'device', words: 'looked at {subject}' },
  'device.declare': {
    kind: 'devices',
    subject: 'device',
    words: 'recorded whose laptop {subject} is: {owner}',
  },
  'device.leave': { kind: 'devices', subject: 'device', words: 'set until when {subject} is on leave' },
  'device.revoke': { kind: 'devices', subject: 'device', words: 'took {subject} out of the fleet' },
  'device.diverged': {
    kind: 'devices',
    subject: 'device',
    words: 'saw a second machine use the key of {subject}',
  },
  'report.export': { kind: 'reports', subject: 'none', words: 'downloaded {export} {about}' },
  'device.link': { kind: 'devices', subject: 'device', words: 'made a link to the page about itself' },
  'device.own-view': { kind: 'devices', subject: 'device', words: 'opened the page about itself' },
  'staff-request.create': {
    kind: 'privacy',
    subject: 'device',
    words: 'asked about what is kept of {subject}: {kind}',
  },
  'staff-request.answer': {
    kind: 'privacy',
    subject: 'device',
    words: 'answered what the person of {subject} asked: {kind}',
  },
  'report.download': {
    kind: 'reports',
    subject: 'device',
    words: 'downloaded signed report {sequence} of {subject}',
  },

  'waiver.request': { kind: 'waivers', subject: 'none', words: 'asked for a waiver of {about}' },
  'waiver.approve': {
    kind: 'waivers',
    subject: 'none',
    words: 'approved a waiver of {about} until {until}',
  },
  'waiver.refuse': { kind: 'waivers', subject: 'none', words: 'refused a waiver of {about}' },
  'waiver.shorten': {
    kind: 'waivers',
    subject: 'none',
    words: 'let a waiver of {about} end earlier, on {until}',
  },
  'waiver.withdraw': { kind: 'waivers', subject: 'none', words: 'withdrew a waiver of {about}' },

  'attestation.create': {
    kind: 'registers',
    subject: 'none',
    words: 'asked {people:person:people} for the statement “{statement}”',
  },
  'attestation.link': { kind: 'registers', subject: 'none', words: 'made a new link for {person}' },
  'attestation.answer': {
    kind: 'registers',
    subject: 'none',
    words: 'kept the answer of {person} to a statement: {answer}',
  },
  'attestation.countersign': {
    kind: 'registers',
    subject: 'none',
    words: 'countersigned the statement of {person}',
  },
  'attestation.put-right': {
    kind: 'registers',
    subject: 'none',
    words: 'closed the action that {person} opened by a no',
  },
  'attestation.end': { kind: 'registers', subject: 'none', words: 'ended a campaign of statements' },
  'clause.exclude': {
    kind: 'policy',
    subject: 'none',
    words: 'said that a sentence of the policy does not apply',
  },
  'clause.include': {
    kind: 'policy',
    subject: 'none',
    words: 'said that a sentence of the policy applies again',
  },
  'clauses.bring': {
    kind: 'policy',
    subject: 'none',
    words: 'brought version {version} of the sentences of the written policy',
  },
  'clauses.export': {
    kind: 'reports',
    subject: 'none',
    words: 'took the clause statement as {format}',
  },
  'alerts.settings': {
    kind: 'settings',
    subject: 'none',
    words: 'changed what raises an alert, and when digests go out',
  },
  'alerts.subscribe': { kind: 'settings', subject: 'none', words: 'changed which e-mails they get' },
  'webhook.add': { kind: 'settings', subject: 'none', words: 'added a webhook' },
  'webhook.pause': { kind: 'settings', subject: 'none', words: 'paused a webhook' },
  'webhook.resume': { kind: 'settings', subject: 'none', words: 'let a webhook go on' },
  'webhook.remove': { kind: 'settings', subject: 'none', words: 'removed a webhook' },
  'webhook.test': { kind: 'settings', subject: 'none', words: 'sent a test to a webhook' },

  'user.create': { kind: 'people', subject: 'person', words: 'made an account for {subject}' },
  'user.invite': { kind: 'people', subject: 'person', words: 'invited {subject}' },
  'user.rename': { kind: 'people', subject: 'person', words: 'changed the name of {subject}' },
  'user.disable': { kind: 'people', subject: 'person', words: 'disabled the account of {subject}' },
  'user.enable': { kind: 'people', subject: 'person', words: 'enabled the account of {subject} again' },
  'membership.grant': { kind: 'people', subject: 'person', words: 'gave {subject} the role {role}' },
  'membership.expiry': {
    kind: 'people',
    subject: 'person',
    words: 'set until when {subject} has the role {role}',
  },
  'membership.revoke': { kind: 'people', subject: 'person', words: 'took the role {role} from {subject}' },
  'api-token.create': { kind: 'people', subject: 'none', words: 'made the API token {token}' },
  'api-token.revoke': { kind: 'people', subject: 'none', words: 'revoked the API token {token}' },
  'people.view': { kind: 'people', subject: 'none', words: 'looked at who has access' },
  'person.view': { kind: 'people', subject: 'person', words: 'looked at the access of {subject}' },
  'audit.view': { kind: 'people', subject: 'none', words: 'read the audit log' },
  'audit.download': { kind: 'people', subject: 'none', words: 'downloaded the audit log' },

  'session.begin': { kind: 'sign-in', subject: 'person', words: 'signed in by {how}' },
  'session.end': { kind: 'sign-in', subject: 'person', words: 'ended a session of {subject}' },
  'session.end-all': { kind: 'sign-in', subject: 'person', words: 'ended every session of {subject}' },
  'sign-in.locked': {
    kind: 'sign-in',
    subject: 'person',
    words: 'held up signing in as {subject}: too many wrong attempts',
  },
  'sign-in-link.create': {
    kind: 'sign-in',
    subject: 'person',
    words: 'made a one-time sign-in link for {subject}',
  },
  'user.set-password': { kind: 'sign-in', subject: 'person', words: 'set a password for {subject}' },
  'second-factor.add': { kind: 'sign-in', subject: 'person', words: 'set up a second factor for {subject}' },
  'second-factor.remove': {
    kind: 'sign-in',
    subject: 'person',
    words: 'removed the second factor of {subject}',
  },
  'recovery-codes.create': {
    kind: 'sign-in',
    subject: 'person',
    words: 'made new recovery codes for {subject}',
  },
  'recovery-code.use': { kind: 'sign-in', subject: 'person', words: 'used a recovery code of {subject}' },
  'passkey.add': { kind: 'sign-in', subject: 'person', words: 'added a passkey for {subject}' },
  'passkey.remove': { kind: 'sign-in', subject: 'person', words: 'removed a passkey of {subject}' },

  'register.create': {
    kind: 'registers',
    subject: 'none',
    words: 'wrote down a record in the register “{register}”',
  },
  'register.change': {
    kind: 'registers',
    subject: 'none',
    words: 'changed a record in the register “{register}”',
  },
  'register.erase': {
    kind: 'registers',
    subject: 'none',
    words: 'erased what a record in the register “{register}” said about somebody',
  },
  'register.step': {
    kind: 'registers',
    subject: 'none',
    words: 'took the step “{step}” with a record in the register “{register}”',
  },
  'register.read-personal': {
    kind: 'registers',
    subject: 'none',
    words: 'read what a record in the register “{register}” says about people',
  },
  'register.export': {
    kind: 'registers',
    subject: 'none',
    words: 'exported {records:record:records} of the register “{register}”',
  },
  'register.document': {
    kind: 'registers',
    subject: 'none',
    words: 'made “{document}” of a record in the register “{register}”',
  },

  'identity.reveal': { kind: 'privacy', subject: 'device', words: 'was told who holds {subject}' },
  'identity.assign': { kind: 'privacy', subject: 'device', words: 'recorded who holds {subject}' },
  'identity.add': { kind: 'privacy', subject: 'none', words: 'added a person' },
  'identity.change': { kind: 'privacy', subject: 'none', words: 'corrected what is held about a person' },
  'identity.view': { kind: 'privacy', subject: 'none', words: 'looked at what is held about a person' },
  'identity.list': { kind: 'privacy', subject: 'none', words: 'looked at the list of people' },
  'identity.export': {
    kind: 'privacy',
    subject: 'none',
    words: 'made a copy of what is held about a person',
  },
  'privacy.restrict': {
    kind: 'privacy',
    subject: 'device',
    words: 'restricted the use of the data of {subject}',
  },
  'privacy.lift': { kind: 'privacy', subject: 'device', words: 'lifted the restriction of {subject}' },
  'privacy.erase': { kind: 'privacy', subject: 'none', words: 'erased what was held about a person' },
  'privacy.purge': {
    kind: 'privacy',
    subject: 'none',
    words: 'deleted {deleted} of “{class}”: their time was over',
  },
  'privacy.analytics': { kind: 'privacy', subject: 'none', words: 'took numbers that name nobody' },
} as const satisfies Readonly<Record<string, ActionWords>>;

export type AuditAction = keyof typeof auditActions;
