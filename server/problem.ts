import type { ProblemType } from '../shared/api.ts';

/** Every problem an answer can name: those a device meets, and the general ones. */
export type AnyProblemType =
  | ProblemType
  | 'overloaded'
  | 'not-ready'
  | 'not-found'
  | 'not-signed-in'
  | 'not-allowed'
  | 'second-factor-needed'
  | 'invalid-request'
  | 'record-changed'
  | 'decision-refused'
  | 'record-refused'
  | 'policy-refused'
  | 'key-reused'
  | 'begun-before'
  | 'answered-once'
  | 'refused'
  | 'too-many-requests'
  | 'internal';

const problems: {
  readonly [T in AnyProblemType]: {
    readonly status: number;
    readonly title: string;
    readonly detail?: string;
  };
} = {
  'bad-report': { status: 400, title: 'Not a report this collector understands' },
  'bad-signature': { status: 401, title: 'Not signed by the key of this device' },
  'device-revoked': {
    status: 403,
    title: 'This device was removed',
    detail: 'Nothing more is accepted from it. Ask your IT contractor for a new enrollment token.',
  },
  'sequence-gap': {
    status: 409,
    title: 'A report before this one is missing',
    detail: 'Send the missing report first.',
  },
  'chain-broken': {
    status: 409,
    title: 'The report does not follow the last one kept',
    detail:
      'It is put aside for the IT contractor to see, unless it is older than anything kept. A copied disk image needs an enrollment of its own.',
  },
  'digest-unknown': {
    status: 409,
    title: 'Unchanged since facts that are not known here',
    detail: 'Send a full report.',
  },
  'code-expired': {
    status: 410,
    title: 'The enrollment code has expired or was used',
    detail: 'Ask your IT contractor for a new enrollment token.',
  },
  'too-large': { status: 413, title: 'Larger than a report can be' },
  'clock-skew': {
    status: 422,
    title: 'The time lies in the future',
    detail: 'Set the clock of this device; the Date header of this answer says what time it is here.',
  },
  overloaded: { status: 503, title: 'Too much to do right now', detail: 'Try again later.' },
  'not-ready': { status: 503, title: 'The database does not answer, or the disk is full' },
  'not-found': { status: 404, title: 'Not found' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'not-allowed': { status: 403, title: 'Not allowed' },
  'second-factor-needed': { status: 403, title: 'Set up a second factor first' },
  'invalid-request': { status: 400, title: 'The request was not understood' },
  restricted: {
    status: 403,
    title: 'Nothing is kept of this device for now, as its holder asked',
    detail: 'The report waits on the device; it is accepted again when the restriction is lifted.',
  },
  'record-changed': {
    status: 409,
    title: 'The record was changed in the meantime',
    detail: 'Read it again and say which version you have seen.',
  },
  'decision-refused': { status: 409, title: 'That cannot be decided like this' },
  'record-refused': { status: 422, title: 'The record cannot be kept like this' },
  'policy-refused': { status: 422, title: 'The policy cannot be published like this' },
  'key-reused': { status: 422, title: 'Another request had this Idempotency-Key' },
  'begun-before': {
    status: 409,
    title: 'A request of this Idempotency-Key has not ended',
    detail: 'It may have been done. Look before trying again under another key.',
  },
  'answered-once': {
    status: 409,
    title: 'This was done, and its answer was given once',
    detail:
      'It held a secret, or what is kept of somebody, and is kept nowhere. Look, and make another if it was lost.',
  },
  refused: { status: 422, title: 'That cannot be done like this' },
  'too-many-requests': { status: 429, title: 'Too many attempts', detail: 'Try again later.' },
  internal: { status: 500, title: 'Something went wrong here' },
};

/** Members beside RFC 9457's own. An answer never repeats what was sent. */
export interface ProblemExtensions {
  /** With `sequence-gap` and `chain-broken`: the sequence that would have been accepted. */
  readonly expectedSequence?: number;
  /** Why, in words of our own. */
  readonly detail?: string;
  /** With `record-refused`: what is wrong, field by field. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** Thrown anywhere on the way of a request; answered as RFC 9457 problem details. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly type: AnyProblemType;
  readonly extensions: ProblemExtensions;
  readonly retryAfterSeconds: number | undefined;

  constructor(type: AnyProblemType, extensions: ProblemExtensions = {}, retryAfterSeconds?: number) {
    super(type);
    this.type = type;
    this.extensions = extensions;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return problems[this.type].status;
  }

  /** The body of the answer. */
  body(): Readonly<Record<string, unknown>> {
    return { type: `urn:muster:problem:${this.type}`, ...problems[this.type], ...this.extensions };
  }
}

export const problemMediaType = 'application/problem+json';
