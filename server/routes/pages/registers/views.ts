import type { FastifyRequest } from 'fastify';
import { actorOf, organizationOf, permissionsHeld } from '../../../caller.ts';
import type { Choice } from '../../../pages/registers/fields.tsx';
import type { RegisterLink, StateView } from '../../../pages/registers/register.tsx';
import { HttpProblem } from '../../../problem.ts';
import type { Worker } from '../../../registers/desk.ts';
import type { Fields } from '../../../registers/field.ts';
import { registerById } from '../../../registers/index.ts';
import type { RegisterRecord } from '../../../registers/record.ts';
import { type Register, stateOf } from '../../../registers/register.ts';
import type { Stores } from '../../../storage/stores.ts';

/** As many as a field offers to choose from. */
const choicesShown = 200;

/** The register an address names. Throws HttpProblem where there is none. */
export function registerOf(id: string): Register {
  const register = registerById(id);
  if (register === undefined) throw new HttpProblem('not-found');
  return register;
}

/** Who is at work, for the engine. */
export function workerOf(request: FastifyRequest): Worker {
  const organization = organizationOf(request);
  const person = actorOf(request);
  return {
    organization: organization.number,
    author: { actor: person, person },
    may: permissionsHeld(request),
  };
}

export const linkOf = ({ id, title, noun }: Register): RegisterLink => ({ id, title, noun });

export const referenceOf = (register: Register | undefined, { sequence }: RegisterRecord): string =>
  `${register?.prefix ?? '?'}-${sequence}`;

export function stateView(register: Register, id: string): StateView {
  const { title, tone } = stateOf(register, id);
  return { id, title, tone };
}

export const nameOf = (record: RegisterRecord): string => {
  const register = registerById(record.register);
  return `${referenceOf(register, record)} ${record.title}`.trim();
};

/** For each field that points at records: those there are. */
export async function choicesFor(
  stores: Stores,
  fields: Fields,
  organization: number,
  at: Date,
): Promise<Readonly<Record<string, readonly Choice[]>>> {
  const everything = { search: '', state: null, sort: 'title', descending: false } as const;
  const choices = await Promise.all(
    Object.entries(fields).map(async ([id, field]) => {
      if (field.kind !== 'records') return [id, []] as const;
      const records = await stores.records.list(
        organization,
        field.register,
        everything,
        at,
        choicesShown,
        0,
      );
      return [id, records.map((record) => ({ id: record.id, name: nameOf(record) }))] as const;
    }),
  );
  return Object.fromEntries(choices);
}
