import { unparseable } from '../../probe.ts';

/** The largest DWORD; in many Windows settings it stands for "never". */
export const never = 0xffff_ffff;

/** A JSON object, or SourceError. */
export function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unparseable(what);
  return value as Record<string, unknown>;
}

/** A list of JSON objects. PowerShell writes a list of one as the object itself. */
export function objects(value: unknown, what: string): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : [value]).map((item) => object(item, what));
}

/** A whole number from `min` to `max`, also as text. */
export function integer(value: unknown, what: string, min = 0, max = never): number {
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
    throw unparseable(what);
  }
  return number;
}

/** true or false, also as text (`TRUE`, `False`), as PowerShell and WMI write them. */
export function flag(value: unknown, what: string): boolean {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true') return true;
  if (word === 'false') return false;
  throw unparseable(what);
}

/** A text that is not empty. */
export function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw unparseable(what);
  return value.trim();
}

const isoDate = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/** A moment written as ISO 8601 (UTC where no offset is given), as in registry texts and our own JSON. */
export function isoMoment(value: unknown, what: string): Date {
  const written = text(value, what);
  const parts = isoDate.exec(written);
  if (parts === null) throw unparseable(what);
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = 'Z'] = parts;
  const offset = zone === 'Z' ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  // Date.parse rolls 31 February over to March instead of refusing it.
  if (
    Number.isNaN(moment.getTime()) ||
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)
  ) {
    throw unparseable(what);
  }
  return moment;
}

/** A moment in any of the forms ConvertTo-Json gives a date: `/Date(ms)/`, `{ value, DateTime }`, ISO 8601. */
export function moment(value: unknown, what: string): Date {
  if (typeof value === 'object' && value !== null && 'value' in value) return moment(value.value, what);
  const milliseconds =
    typeof value === 'string' ? /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(value.trim()) : null;
  if (milliseconds === null) return isoMoment(value, what);
  const found = new Date(Number(milliseconds[1]));
  if (Number.isNaN(found.getTime())) throw unparseable(what);
  return found;
}

/** A FILETIME (100 ns since 1601, UTC) written as decimal text. */
export function fileTime(value: unknown, what: string): Date {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) throw unparseable(what);
  const found = new Date(Number(BigInt(value) / 10_000n) - 11_644_473_600_000);
  if (Number.isNaN(found.getTime())) throw unparseable(what);
  return found;
}

/** Windows writes the start of FILETIME, 1601, where something never happened. */
export function isNever(moment: Date): boolean {
  return moment.getUTCFullYear() <= 1601;
}

/**
 * Whole days from a moment to now, rounded down. A moment more than a day ahead of the clock is no answer: one of
 * the two clocks is wrong.
 */
export function daysSince(moment: Date, now: Date, what: string): number {
  const milliseconds = now.getTime() - moment.getTime();
  if (milliseconds < -86_400_000) throw unparseable(what);
  return Math.max(0, Math.floor(milliseconds / 86_400_000));
}

/** The reading, or undefined where the field is null or left out. */
export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === null || value === undefined ? undefined : read(value);
}
