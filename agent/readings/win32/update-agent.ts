import { type Sources, unparseable } from '../../probe.ts';
import { readQuery, requireFullLanguage } from './powershell.ts';
import { readable } from './settled.ts';
import { integer, isNever, moment, object, objects, optional } from './values.ts';

/** Category ids of the update service: security updates, critical updates. Definition updates are neither. */
const securityCategories = ['0fa1201d-4330-4fa8-8ae9-b877473b6441', 'e6cf1350-c01b-414d-a61f-263d14d133b4'];

/** What the Windows Update agent says, from its COM objects. */
export interface UpdateAgent {
  /** 1 = off, 2 and 3 = tells people only, 4 = installs by itself; undefined = not configured, or not told. */
  readonly notificationLevel: number | undefined;
  /** null = it never looked; undefined = not told. */
  readonly lastSearch: Date | null | undefined;
  /** Security updates found by that search and not installed, with the day each was published; undefined = not told. */
  readonly securityPending: readonly { readonly published: Date | undefined }[] | undefined;
}

function securityUpdates(pending: unknown, what: string): { published: Date | undefined }[] {
  if (pending === null || pending === undefined) throw unparseable(what);
  return objects(pending, what)
    .filter((update) => {
      const ids = update['CategoryIDs'];
      const list: unknown[] = Array.isArray(ids) ? ids : [ids];
      if (list.length === 0 || !list.every((id) => typeof id === 'string')) throw unparseable(what);
      return list.some((id) => securityCategories.includes(String(id).toLowerCase()));
    })
    .map((update) => ({
      published: readable(() => optional(update['Deployed'], (value) => moment(value, what))),
    }));
}

/** Asks the update agent. SourceError where PowerShell may not use COM objects, or the agent does not answer. */
export async function readUpdateAgent(sources: Sources): Promise<UpdateAgent> {
  const what = 'windows-update';
  await requireFullLanguage(sources);
  const answer = object(await readQuery(sources, what), what);
  const lastSearch = readable(() =>
    optional(answer['LastSearchSuccessDate'], (value) => moment(value, what)),
  );
  const level = readable(() => integer(answer['NotificationLevel'], what, 0, 4));
  return {
    notificationLevel: level === 0 ? undefined : level,
    lastSearch: lastSearch !== undefined && isNever(lastSearch) ? null : lastSearch,
    securityPending: readable(() => securityUpdates(answer['Pending'], what)),
  };
}
