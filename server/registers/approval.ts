import { momentOf } from './calendar.ts';
import type { Field } from './field.ts';
import type { Clock, State, Transition } from './register.ts';

interface Approved {
  readonly until?: string;
  readonly decision?: string;
}

/** The fields an approval needs: until when it holds, and what the second person says. */
export const approvalFields = {
  until: {
    kind: 'date',
    section: 'Approval',
    title: 'Until',
    hint: 'An approval ends; twelve months at most unless the policy says otherwise.',
    required: true,
  },
  decision: {
    kind: 'paragraph',
    title: 'What the second person says',
    hint: 'Why it is approved or refused, and on what terms.',
  },
} as const satisfies Record<string, Field>;

const states = {
  asked: {
    title: 'Waiting for a second person',
    tone: 'attention',
    hint: 'Nothing may be done before it is approved.',
  },
  approved: { title: 'Approved', tone: 'compliant', frozen: true },
  refused: { title: 'Refused', tone: 'none', closed: true },
  ended: { title: 'Ended', tone: 'none', closed: true },
} as const satisfies Record<string, State>;

const needsDecision: Transition<Approved>['needs'] = ({ values }) =>
  values.decision === undefined ? { decision: 'Say why.' } : {};

const transitions: readonly (Transition<Approved> & {
  readonly from: readonly (keyof typeof states)[];
  readonly to: keyof typeof states;
})[] = [
  {
    id: 'approve',
    title: 'Approve',
    from: ['asked'],
    to: 'approved',
    secondPerson: true,
    asks: ['decision'],
    needs: needsDecision,
  },
  {
    id: 'refuse',
    title: 'Refuse',
    from: ['asked'],
    to: 'refused',
    secondPerson: true,
    asks: ['decision'],
    needs: needsDecision,
  },
  { id: 'end', title: 'End it', from: ['approved', 'asked'], to: 'ended' },
  { id: 'ask', title: 'Ask again', from: ['refused', 'ended', 'approved'], to: 'asked' },
];

const clocks: readonly Clock<Approved>[] = [
  {
    id: 'until',
    title: 'Renew or end',
    rule: 'What was approved ends on its day; it is asked for again or taken back by then.',
    source: 'No number in the policies; twelve months are our default',
    from: ({ state, createdAt }) => (state === 'approved' ? createdAt : undefined),
    due: (start, { values }) => new Date((momentOf(values.until) ?? start).getTime() + 86_400_000 - 1),
    met: () => undefined,
  },
  {
    id: 'decide',
    title: 'Decide',
    rule: 'Within five working days, so that nobody goes on without an answer.',
    source: 'Our default',
    from: ({ state, path, createdAt }) => (state === 'asked' ? (path.at(-1)?.at ?? createdAt) : undefined),
    due: (start) => new Date(start.getTime() + 7 * 86_400_000),
    met: () => undefined,
  },
];

/** The life of what one person asks for and another approves, for a time. */
export const approval = { states, start: 'asked' as const, transitions, clocks };
