/**
 * What somebody asked for cannot be done like this. The message and what is wrong with each field are words for people: a page shows
 * them beside its form, the API answers them as a problem. Nothing of what was given is repeated.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly fields: Readonly<Record<string, string>>;

  constructor(message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.fields = fields;
  }
}

/** Somebody else was faster: what was seen is no longer how it stands. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}
