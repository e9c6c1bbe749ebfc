import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceState } from './file.ts';

/**
 * What the last run with the service's rights found, for points an ordinary user cannot read. The idle service hands it out, so it
 * is checked by hand here; whoever asks checks every answer against the catalogue.
 */
export interface KeptAnswers {
  readonly takenAt: string;
  /** By check and point. */
  readonly checks: Readonly<Record<string, unknown>>;
}

const fileOf = (directory: string) => join(directory, 'answers.json');

/** The answers of the last run, or undefined where there are none or they make no sense. */
export function readAnswers(directory: string): KeptAnswers | undefined {
  try {
    const json = JSON.parse(readFileSync(fileOf(directory), 'utf8')) as Record<string, unknown>;
    const { schema, takenAt, checks } = json;
    if (schema !== 'muster.answers/1' || typeof takenAt !== 'string') return undefined;
    if (typeof checks !== 'object' || checks === null) return undefined;
    return { takenAt, checks: checks as Record<string, unknown> };
  } catch {
    return undefined;
  }
}

/** Replaces them. Only the service's own account can read the file: others ask the service. */
export async function writeAnswers(directory: string, answers: KeptAnswers): Promise<void> {
  await replaceState(fileOf(directory), `${JSON.stringify({ schema: 'muster.answers/1', ...answers })}\n`, {
    makesSense: () => readAnswers(directory) !== undefined,
    mode: 0o600,
  });
}
