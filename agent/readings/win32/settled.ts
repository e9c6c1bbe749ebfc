import { SourceError } from '../../probe.ts';

/** What a reading came to, its SourceError included, for probes that weigh several readings against each other. */
export async function settled<T>(read: Promise<T>): Promise<T | SourceError> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

/** The answers among several readings, without the errors. */
export function answered<T>(readings: readonly (T | SourceError)[]): Exclude<T, SourceError>[] {
  return readings.filter((reading): reading is Exclude<T, SourceError> => !(reading instanceof SourceError));
}

/** The field of an answer, or undefined where it says nothing. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
