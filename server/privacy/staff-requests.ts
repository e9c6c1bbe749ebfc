import { type CheckId, checks } from '../../shared/checks/index.ts';
import { requests } from '../registers/definitions/requests.ts';
import { openRecord } from '../registers/desk.ts';
import type { Values } from '../registers/field.ts';
import type { Device } from '../storage/devices.ts';
import { newId } from '../storage/ids.ts';
import type { StaffRequest } from '../storage/staff/requests.ts';
import type { Stores } from '../storage/stores.ts';

const rights = { correct: 'rectification', contest: 'rectification', object: 'objection' } as const;

/**
 * What somebody asks on the page about their laptop is a request like any other: it is kept with them, and it stands in the register, where
 * its month runs and somebody answers it. False when this laptop has too many waiting.
 */
export async function keepStaffRequest(
  stores: Stores,
  device: Device,
  asked: Pick<StaffRequest, 'kind' | 'about' | 'words'>,
  at: Date,
): Promise<boolean> {
  const id = newId(at);
  if (!(await stores.staffRequests.create(device, { ...asked, id }, at))) return false;
  const author = { actor: `device:${device.id}`, person: `device:${device.id}` } as const;
  const values: Values = {
    kind: rights[asked.kind],
    receivedOn: at.toISOString().slice(0, 10),
    channel: 'page',
    identity: 'account',
    laptop: device.label,
    person: `The person at ${device.label}`,
    words: asked.words,
    ...(asked.about !== '' && { about: aboutOf(asked.about) }),
  };
  await openRecord(stores, requests, values, { organization: device.organization, author }, at, id);
  return true;
}

/** `Firewall (enabled)` */
function aboutOf(subject: string): string {
  const [check = '', point] = subject.split('/');
  const title = (checks[check as CheckId] as { readonly title: string } | undefined)?.title ?? check;
  return point === undefined ? title : `${title} (${point})`;
}
