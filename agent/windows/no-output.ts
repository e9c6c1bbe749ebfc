/**
 * Windows gives services, and what its installer starts, nowhere to print to; writing there may fail, and must not end them. What has
 * to be said goes into the log.
 */
export function printNothing(): void {
  for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
}
