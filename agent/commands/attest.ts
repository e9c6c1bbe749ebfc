import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import {
  type AttestationAnswer,
  answerProblem,
  attestationType,
  OpenAttestation,
  type SignedAttestation,
} from '../../shared/attestation-answer.ts';
import { count } from '../../shared/words.ts';
import { CommandError } from '../command-error.ts';
import { CollectorError } from '../sync/client.ts';
import { deviceRequest } from '../sync/device-request.ts';
import { signCompact } from '../sync/jws.ts';
import { collectorProblem, openSession, type Session } from '../sync/session.ts';

const path = '/api/v1/attestations';
const Open = z.object({ attestations: z.array(OpenAttestation) });

const answers: Readonly<Record<string, AttestationAnswer>> = {
  y: 'yes',
  yes: 'yes',
  n: 'no',
  no: 'no',
  a: 'not-applicable',
  'not applicable': 'not-applicable',
};

/**
 * `agent --attest`: what the organization asks the person on this laptop to state, word for word, one after the other; each answer
 * is signed by the laptop and sent at once. An empty line leaves a question for another day.
 */
export async function attest(): Promise<number> {
  const session = await openSession();
  try {
    const open = await ask(session);
    const { organization, notice } = session.enrollment;
    if (open.length === 0) {
      process.stdout.write(`${organization} asks you for nothing at the moment.\n`);
      return 0;
    }
    process.stdout.write(
      `${organization} asks you ${count(open.length, 'question')}. A no is welcome: it only leads to something being put right.\nKept are your answer, these exact words and the time, under a pseudonym. Questions: ${notice.contact}\n`,
    );
    const input = createInterface({ input: process.stdin });
    const lines = input[Symbol.asyncIterator]();
    let answered = 0;
    try {
      for (const question of open) {
        const said = await answerOf(question, lines);
        if (said === undefined) continue;
        await send(session, question, said);
        answered += 1;
        process.stdout.write('Kept. Thank you.\n');
      }
    } finally {
      input.close();
    }
    const left = open.length - answered;
    if (left > 0)
      process.stdout.write(`\nNot answered: ${left}. They are asked again with agent --attest.\n`);
    return 0;
  } finally {
    session.close();
  }
}

async function ask(session: Session): Promise<readonly OpenAttestation[]> {
  try {
    const { body } = await deviceRequest({ ...session, now: () => new Date() }, { method: 'GET', path });
    const open = Open.parse(JSON.parse(body)).attestations;
    const odd = open.find(
      ({ statement, digest }) => createHash('sha256').update(statement).digest('hex') !== digest,
    );
    if (odd !== undefined)
      throw new CommandError('refused', 'a question does not match its own version; nothing was answered');
    return open;
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      throw new CommandError('refused', 'the answer of the collector was not understood');
    }
    // A collector from before statements asks for none.
    if (error instanceof CollectorError && error.status === 404) return [];
    throw collectorProblem(error);
  }
}

interface Said {
  readonly answer: AttestationAnswer;
  readonly reason: string;
}

async function answerOf(
  { title, statement, periodFrom, dueAt }: OpenAttestation,
  lines: AsyncIterator<string>,
): Promise<Said | undefined> {
  process.stdout.write(
    `\n${title}\n  "${statement}"\n  About the time from ${periodFrom.slice(0, 10)} until today; answers by ${dueAt.slice(0, 10)}.\n`,
  );
  for (;;) {
    const line = await next(lines, 'Is that so? y = yes, n = no, a = does not apply to me, empty = later: ');
    if (line === undefined || line === '') return undefined;
    const answer = answers[line.toLowerCase()];
    if (answer === undefined) continue;
    const reason =
      answer === 'yes' ? '' : ((await next(lines, 'In your own words (please name nobody): ')) ?? '');
    const problem = answerProblem(answer, reason);
    if (problem === undefined) return { answer, reason };
    process.stdout.write(`${problem}\n`);
  }
}

/** The next line somebody types; undefined where there are no more. */
async function next(lines: AsyncIterator<string>, prompt: string): Promise<string | undefined> {
  process.stdout.write(prompt);
  const { value, done } = await lines.next();
  if (done === true) process.stdout.write('\n');
  return done === true ? undefined : String(value).trim();
}

async function send(
  { enrollment, key, collector }: Session,
  question: OpenAttestation,
  said: Said,
): Promise<void> {
  const signed: SignedAttestation = {
    schema: 'muster.attestation/1',
    id: question.id,
    device: enrollment.device,
    digest: question.digest,
    ...said,
    at: new Date().toISOString(),
  };
  const jws = signCompact(JSON.stringify(signed), key.privateKey, {
    typ: attestationType,
    kid: enrollment.device,
  });
  try {
    await deviceRequest(
      { enrollment, key, collector, now: () => new Date() },
      { method: 'POST', path, body: JSON.stringify({ signed: jws }) },
    );
  } catch (error) {
    throw collectorProblem(error);
  }
}
