import { type BreachValues, breachFields } from '../breach-fields.ts';
import { authorityNotice, peopleNotice } from '../breach-notices.ts';
import { endOf, momentOf } from '../calendar.ts';
import { enteredAt } from '../clock.ts';
import { defineRegister, type Occurrence } from '../register.ts';

/** The clock of Art. 33(1) in hours; the law's number, kept in one place because it is being discussed. */
const authorityHours = 72;
/** Neither the GDPR nor POPIA names hours for telling people, or the client whose data it is; these are targets of our own. */
const peopleHours = 72;
const clientHours = 24;

type Breach = Occurrence<BreachValues>;

/** POPIA s. 22 knows no threshold: every compromise is told. */
const everyBreach = ({ values }: Breach) => values.jurisdictions?.includes('za') === true;
/** Art. 34(3) lifts the duty of Art. 34(1) alone. */
const toldToPeople = (breach: Breach) =>
  breach.values.role !== 'processor' &&
  (everyBreach(breach) || (breach.values.risk === 'high' && breach.values.exemption === undefined));
const unlikely = ({ values }: Breach) => values.risk === 'unlikely';
const toldInTime = ({ values }: Breach) => {
  const aware = momentOf(values.becameAwareAt);
  const told = momentOf(values.notifiedAt);
  return aware === undefined || told === undefined || told <= endOf(aware, { hours: authorityHours });
};

export const breaches = defineRegister({
  id: 'breaches',
  prefix: 'BR',
  title: 'Breaches',
  noun: 'breach',
  purpose:
    'Every personal data breach: the facts, what may follow, and what was done about it. Also those nobody has to be told of.',
  whenEmpty:
    'Nothing has happened that you know of. A lost laptop, a mail to the wrong person, a broken-in mailbox: write it down within the hour, with what you know. The 72 hours run from the moment you are reasonably certain.',
  source: 'GDPR and UK GDPR Art. 33 and 34; POPIA s. 22',
  owner: 'dpo',
  seesPersonal: 'registers.write',
  fields: breachFields,
  name: ({ summary }) => summary ?? '',
  states: {
    reported: {
      title: 'Reported',
      tone: 'attention',
      hint: 'Find out what happened and decide how great the risk is.',
    },
    decided: { title: 'Risk decided', tone: 'attention', hint: 'Tell whom the decision says must be told.' },
    closed: { title: 'Closed', tone: 'compliant', closed: true },
  },
  start: 'reported',
  transitions: [
    {
      id: 'decide',
      title: 'Decide the risk',
      from: ['reported', 'decided'],
      to: 'decided',
      asks: ['risk', 'riskReason'],
      needs: ({ values }) => ({
        ...(values.risk === undefined && { risk: 'Choose one.' }),
        ...(values.riskReason === undefined && { riskReason: 'Write down why: an auditor will ask.' }),
      }),
    },
    {
      id: 'tell-authority',
      title: 'The authority was told',
      from: ['reported', 'decided'],
      to: 'decided',
      offered: ({ values }) => values.role !== 'processor',
      asks: ['authority', 'notifiedAt', 'authorityReference', 'delayReason'],
      needs: (breach) => ({
        ...(breach.values.notifiedAt === undefined && { notifiedAt: 'Fill this in.' }),
        ...(breach.values.authority === undefined && { authority: 'Fill this in.' }),
        ...(!toldInTime(breach) &&
          breach.values.delayReason === undefined && {
            delayReason: 'It was told later than 72 hours: say why (Art. 33(1)).',
          }),
      }),
    },
    {
      id: 'tell-people',
      title: 'The people were told',
      from: ['decided'],
      to: 'decided',
      offered: ({ values }) => values.role !== 'processor',
      asks: ['peopleToldAt', 'peopleHow'],
      needs: ({ values }) => (values.peopleToldAt === undefined ? { peopleToldAt: 'Fill this in.' } : {}),
    },
    {
      id: 'tell-client',
      title: 'The client was told',
      from: ['reported', 'decided'],
      to: 'decided',
      offered: ({ values }) => values.role === 'processor',
      asks: ['clientToldAt'],
      needs: ({ values }) => (values.clientToldAt === undefined ? { clientToldAt: 'Fill this in.' } : {}),
    },
    {
      id: 'close',
      title: 'Close',
      from: ['decided'],
      to: 'closed',
      asks: ['lessons'],
      needs: (breach) => ({
        ...(breach.values.risk === undefined && { risk: 'Decide the risk first.' }),
        ...((everyBreach(breach) || !unlikely(breach)) &&
          breach.values.role !== 'processor' &&
          breach.values.notifiedAt === undefined && { notifiedAt: 'The authority has not been told yet.' }),
        ...(breach.values.role === 'processor' &&
          breach.values.clientToldAt === undefined && { clientToldAt: 'The client has not been told yet.' }),
        ...(toldToPeople(breach) &&
          breach.values.peopleToldAt === undefined && {
            peopleToldAt: everyBreach(breach)
              ? 'The people have not been told yet; POPIA asks for it whatever the risk, and knows no exemption.'
              : 'The people have not been told yet, and no reason is given for not telling them.',
          }),
        ...(breach.values.lessons === undefined && { lessons: 'Fill this in.' }),
      }),
    },
    { id: 'reopen', title: 'Open again', from: ['closed'], to: 'decided' },
  ],
  clocks: [
    {
      id: 'authority',
      title: 'Tell the authority',
      rule: 'Within 72 hours of being reasonably certain, unless a risk is unlikely. South Africa: as soon as reasonably possible, whatever the risk; 72 hours are the target.',
      source: 'GDPR and UK GDPR Art. 33(1); POPIA s. 22(2)',
      from: (breach) =>
        breach.values.role === 'processor' || (unlikely(breach) && !everyBreach(breach))
          ? undefined
          : momentOf(breach.values.becameAwareAt),
      due: (start) => endOf(start, { hours: authorityHours }),
      met: ({ values }) => momentOf(values.notifiedAt),
    },
    {
      id: 'client',
      title: 'Tell the client',
      rule: 'Without undue delay after becoming aware; 24 hours are our own target.',
      source: 'GDPR Art. 33(2); POPIA s. 21(2)',
      from: ({ values }) => (values.role === 'processor' ? momentOf(values.becameAwareAt) : undefined),
      due: (start) => endOf(start, { hours: clientHours }),
      met: ({ values }) => momentOf(values.clientToldAt),
    },
    {
      id: 'people',
      title: 'Tell the people',
      rule: 'Without undue delay where the risk is high; 72 hours after the decision are our own target.',
      source: 'GDPR Art. 34(1); POPIA s. 22(1)',
      from: (breach) =>
        toldToPeople(breach)
          ? (enteredAt(breach, 'decided') ?? momentOf(breach.values.becameAwareAt))
          : undefined,
      due: (start) => endOf(start, { hours: peopleHours }),
      met: ({ values }) => momentOf(values.peopleToldAt),
    },
  ],
  check: ({ becameAwareAt, discoveredAt, notifiedAt, jurisdictions: laws, risk, exemption }) => ({
    ...(becameAwareAt !== undefined &&
      discoveredAt !== undefined &&
      becameAwareAt < discoveredAt && { becameAwareAt: 'Nobody can be certain before it was noticed.' }),
    ...(notifiedAt !== undefined &&
      discoveredAt !== undefined &&
      notifiedAt < discoveredAt && { notifiedAt: 'This lies before it was noticed.' }),
    ...(laws?.includes('za') === true &&
      exemption !== undefined &&
      (risk !== 'high' || laws.length === 1) && { exemption: 'POPIA knows no such exemption.' }),
  }),
  retention: {
    period: { years: 5 },
    reason: 'The authority may ask for the documentation, and claims may follow.',
    source: 'GDPR Art. 33(5); five years as for service documents',
  },
  documents: [
    { id: 'authority-notice', title: 'Notice to the authority', parts: (breach) => authorityNotice(breach) },
    { id: 'people-notice', title: 'Notice to the people concerned', parts: (breach) => peopleNotice(breach) },
  ],
});
