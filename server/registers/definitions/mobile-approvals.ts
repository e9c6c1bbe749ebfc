import { approval, approvalFields } from '../approval.ts';
import { defineRegister } from '../register.ts';

/** A laptop's pseudonym, however it was typed: by it the check on approvals finds the record. */
const isLabel = /^d-[0-9a-z]{8}$/i;

export const mobileApprovals = defineRegister({
  id: 'mobile-approvals',
  prefix: 'MA',
  title: 'Personal data on laptops',
  noun: 'approval',
  purpose:
    'A laptop or other mobile device that may hold personal data: which data, on what terms, until when, and who agreed.',
  whenEmpty:
    'A laptop is a mobile device. Where the policy asks for it, each one needs a written approval here, or the statement that it holds no personal data.',
  source: 'GDPR Art. 32; ISO/IEC 27001 A.8.1',
  owner: 'dpo',
  seesPersonal: 'registers.write',
  fields: {
    device: {
      kind: 'text',
      section: 'The device',
      title: 'Device',
      hint: 'Its pseudonym, such as D-7K3F9Q2M.',
      required: true,
    },
    holder: { kind: 'text', title: 'Who holds it', personal: true },
    content: {
      kind: 'choice',
      title: 'Personal data on it',
      required: true,
      options: { none: 'None, by statement of its holder', some: 'The kinds below' },
    },
    data: { kind: 'lines', title: 'Kinds of data' },
    conditions: {
      kind: 'choices',
      title: 'On the condition that',
      required: true,
      options: {
        encrypted: 'its disk is encrypted',
        locked: 'its screen locks by itself',
        updated: 'its updates are current',
        'lost-mode': 'it can be locked from afar when it is lost',
        'no-copies': 'no copies are made of it',
      },
    },
    terms: { kind: 'text', title: 'Terms the holder agreed to', hint: 'Reference or SHA-256 of the text.' },
    ...approvalFields,
  },
  name: ({ device = '' }) => (isLabel.test(device) ? device.toUpperCase() : device),
  check: ({ content, data }) =>
    content === 'some' && data === undefined ? { data: 'Say which kinds of data.' } : {},
  ...approval,
  retention: {
    period: { years: 2 },
    reason: 'Shows what was allowed on a device that was lost later.',
    source: 'Our default',
  },
});
