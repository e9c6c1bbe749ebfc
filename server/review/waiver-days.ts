const day = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The end of a day such as `2027-02-12`, in UTC; undefined where it is no day. Pure. */
export function endOfDay(text: string): Date | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T23:59:59.000Z`) : Number.NaN;
  // A 30th of February is read as a day of March: that is not what was written.
  return Number.isNaN(at) || dayOf(at) !== text ? undefined : new Date(at);
}

/** The first and the last day a waiver that begins now may end on. Pure. */
export function waiverDays(now: Date, maxDays: number): { readonly first: string; readonly last: string } {
  const latest = now.getTime() + maxDays * day;
  const candidate = dayOf(latest);
  const ends = endOfDay(candidate)?.getTime() ?? 0;
  return { first: dayOf(now.getTime()), last: ends <= latest ? candidate : dayOf(latest - day) };
}
