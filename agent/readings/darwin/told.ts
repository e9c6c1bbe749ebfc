import { SourceError } from '../../probe.ts';

/** The answer, or undefined when the read said nothing. For points that several reads answer together. */
export async function told<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
