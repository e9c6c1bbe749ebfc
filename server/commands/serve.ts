import type { Arguments } from '../arguments.ts';
import { type Configuration, ConfigurationError, readConfiguration } from '../configuration.ts';
import { startCollector } from '../start-collector.ts';

/** `collector serve`: until SIGINT or SIGTERM, which finish what is underway first. */
export const serve = (_args: Arguments): Promise<number> => serveUntilStopped(readConfiguration(process.env));

/** Serves until it is told to stop; `listening` is called once it listens. */
export async function serveUntilStopped(
  configuration: Configuration,
  listening: () => void = () => {},
): Promise<number> {
  let running: Awaited<ReturnType<typeof startCollector>>;
  try {
    running = await startCollector(configuration);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new ConfigurationError(`port ${configuration.port} is taken: set PORT to another one`);
    }
    throw error;
  }
  process.stderr.write(
    `collector: listening on ${configuration.publicUrl.replace(/:0$/, `:${running.port}`)}\n`,
  );
  listening();
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await running.stop();
  return 0;
}
