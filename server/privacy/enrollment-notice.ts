import type { EnrollmentNotice } from '../../shared/api.ts';
import type { Organization } from '../storage/organizations.ts';

/** A change of the words below is a new version: what a person agreed to see is recorded with the device. */
export const noticeVersion = '1';

/** What a person must see before the first byte about their machine is sent. */
export function noticeOf({ name, contact }: Organization): EnrollmentNotice {
  return {
    version: noticeVersion,
    controller: name,
    contact,
    purpose:
      'To see whether this laptop is set up as the company’s written policy asks: screen lock, disk encryption, firewall, updates and the like. ' +
      'Only settings are read, as yes or no, numbers and counts; never names, files, networks, places, or what you do on it.',
    seenBy:
      'The company’s IT contractor and the people the company has named as responsible for security and data protection.',
    retention:
      'As long as this laptop is enrolled, and afterwards as long as the company’s retention schedule says. agent --leave ends it.',
  };
}
