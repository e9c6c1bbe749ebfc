import { type Answer, known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readSessions } from '../../readings/win32/sessions.ts';
import { answered, settled } from '../../readings/win32/settled.ts';

type Part = { part: 'trash'; state: 'on' | 'off' | 'unknown'; days?: number };

/** Storage Sense of one person: 01 = on, 08 = it clears the recycle bin, 256 = after how many days (0 = never). */
async function readBin(sources: Sources, sid: string): Promise<Part> {
  const policy = await readSettings(
    sources,
    `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\StorageSense\\Parameters\\StoragePolicy`,
  );
  const days = policy.dword('256', 36_500);
  const on = policy.dword('01', 1) === 1 && policy.dword('08', 1) === 1 && days !== 0;
  return { part: 'trash', state: on ? 'on' : 'off', ...(on && days !== undefined && { days }) };
}

/** Of several people the one whose bin is cleared last. */
async function readAutomatic(sources: Sources): Promise<Answer<{ parts: Part[] }>> {
  const bins = await Promise.all(
    (await readSessions(sources)).map(({ sid }) => settled(readBin(sources, sid))),
  );
  const read = answered<Part>(bins);
  const never = read.find(({ state }) => state === 'off');
  if (never !== undefined) return known({ parts: [never] });
  for (const bin of bins) if (bin instanceof SourceError) throw bin;
  const last = read.reduce((a, b) =>
    (b.days ?? Number.POSITIVE_INFINITY) > (a.days ?? Number.POSITIVE_INFINITY) ? b : a,
  );
  return known({ parts: [last] });
}

/** Storage Sense. Windows 10 and 11. */
export const win32: PointProbes<'trash-cleanup'> = { automatic: readAutomatic };
