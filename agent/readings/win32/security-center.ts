import { byWindowsName } from '../../../shared/data/recognise.ts';
import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { integer, object, text } from './values.ts';
import { readRows } from './wmi.ts';

/** What Windows Security Center says of a registered product. */
export interface SecurityProduct {
  readonly name: string;
  readonly state: 'on' | 'off' | 'snoozed' | 'expired';
  readonly outdated: boolean;
  /** Made by Microsoft: Defender. */
  readonly microsoft: boolean;
}

const states: Readonly<Record<number, SecurityProduct['state']>> = {
  0: 'off',
  4096: 'on',
  8192: 'snoozed',
  12288: 'expired',
};

/** By name, or by the maker's bits where the name is nobody else's: older Defenders leave those bits at zero. */
function isDefender(name: string, bits: number): boolean {
  const product = byWindowsName('malware', name);
  return product === 'defender' || (product === undefined && (bits & 0xf00) === 0x100);
}

/**
 * Products of one class in root\SecurityCenter2. Bits of productState: 0xF000 whether it is on, 0xF0 whether its
 * signatures are outdated, 0xF00 whose it is. Registrations can outlive the product they stand for.
 */
export async function readSecurityProducts(
  sources: Sources,
  kind: 'AntiVirusProduct' | 'FirewallProduct',
): Promise<readonly SecurityProduct[]> {
  const rows = await readRows(
    sources,
    `SELECT displayName, productState FROM ${kind}`,
    'root\\SecurityCenter2',
  );
  return rows.map((row) => {
    const product = object(row, kind);
    const bits = integer(product['productState'], kind);
    const state = states[bits & 0xf000];
    if (state === undefined) throw unparseable(kind);
    const name = text(product['displayName'], kind);
    return { name, state, outdated: (bits & 0xf0) !== 0, microsoft: isDefender(name, bits) };
  });
}

/** The kinds of provider WscGetSecurityProviderHealth is asked about. */
export const provider = { firewall: 1, antivirus: 4 } as const;

/**
 * Whether Security Center finds that something protects: good = yes, poor or snoozed = nothing does. It never tells
 * what. SourceError when Security Center is not running (S_FALSE) or does not watch this kind of product.
 */
export async function readProviderHealth(
  sources: Sources,
  kind: keyof typeof provider,
): Promise<'good' | 'poor' | 'snoozed'> {
  const what = 'WscGetSecurityProviderHealth';
  const { health } = object(await sources.win32(what, [provider[kind]]), what);
  const state = (['good', 'not-monitored', 'poor', 'snoozed'] as const)[integer(health, what, 0, 3)];
  if (state === undefined || state === 'not-monitored') {
    throw new SourceError('missing', `${what}: not monitored`, 'not-monitored');
  }
  return state;
}
