/** A text as it stands in a manual page. */
export const troff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');

/** The day a manual page is of. */
export const manualDate = (epoch: number): string => new Date(epoch * 1_000).toISOString().slice(0, 10);
