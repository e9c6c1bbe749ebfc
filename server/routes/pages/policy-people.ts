import type { PolicyVersionView } from '../../pages/components/policy-versions.tsx';
import type { Actor } from '../../storage/audit.ts';
import type { PolicyVersion } from '../../storage/policies.ts';
import type { Stores } from '../../storage/stores.ts';

/** Says by name who works on policies; what was done outside a browser is said so. */
export function policyPeople({ users }: Pick<Stores, 'users'>) {
  async function name(actor: Actor): Promise<string> {
    if (actor === 'console') return 'the command line';
    if (actor === 'collector') return 'the collector';
    if (actor.startsWith('token:')) return 'a program with an API token';
    return (await users.byId(actor.slice(actor.indexOf(':') + 1)))?.name ?? 'somebody who has left';
  }
  return {
    name,
    async view(version: PolicyVersion): Promise<PolicyVersionView> {
      const { publishedAt, publishedBy, effectiveFrom, ...rest } = version;
      return {
        ...rest,
        publishedAt: publishedAt.toISOString(),
        publishedBy: await name(publishedBy),
        effectiveFrom: effectiveFrom.toISOString(),
      };
    },
  };
}
