import type { FastifyInstance } from 'fastify';
import { PolicyError } from '../../../shared/policy.ts';
import { ChangedMeanwhile, Refusal } from '../../desk/refusal.ts';
import { HttpProblem } from '../../problem.ts';
import { RegisterRefusal } from '../../registers/engine.ts';
import { RecordChanged } from '../../registers/record.ts';
import { PolicyNotNewer, PolicyScheduled } from '../../storage/policies.ts';

/** What the desks, the engine of the registers and the stores refuse, answered as problems by every route registered in `app`. */
export function answerRefusals(app: FastifyInstance): void {
  app.setErrorHandler((error) => {
    throw problemOf(error);
  });
}

function problemOf(error: unknown): unknown {
  if (error instanceof Refusal) {
    return new HttpProblem('refused', { detail: error.message, ...errorsOf(error.fields) });
  }
  if (error instanceof RegisterRefusal) {
    return new HttpProblem('record-refused', { detail: error.message, ...errorsOf(error.fields) });
  }
  if (error instanceof RecordChanged || error instanceof ChangedMeanwhile) {
    return new HttpProblem('record-changed');
  }
  if (error instanceof PolicyError) {
    return new HttpProblem('policy-refused', { detail: withoutNames(error.message) });
  }
  if (error instanceof PolicyNotNewer || error instanceof PolicyScheduled) {
    return new HttpProblem('policy-refused', { detail: error.message });
  }
  return error;
}

const errorsOf = (fields: Readonly<Record<string, string>>) => {
  const errors = Object.entries(fields).map(([field, message]) => ({ field, message }));
  return errors.length === 0 ? {} : { errors };
};

/** The place of a slip in a policy, without the names that were written there: an answer repeats nothing. */
const withoutNames = (message: string) =>
  message
    .replace(/extends: .*/s, 'extends: there is no such policy, or they extend each other in a circle')
    .replace(/Unrecognized keys?: .*/s, 'there is a name here that nothing has')
    .replace(/there is no point .*/s, 'there is no such point');
