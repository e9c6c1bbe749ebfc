import { breaches } from './definitions/breaches.ts';
import { requests } from './definitions/requests.ts';
import { suppliers } from './definitions/suppliers.ts';
import type { Register } from './register.ts';

/** Every register there is, in the order one meets them. A new one is its file and a line here. */
export const registers: readonly Register[] = [breaches, requests, suppliers];

export const registerById = (id: string): Register | undefined =>
  registers.find((register) => register.id === id);
