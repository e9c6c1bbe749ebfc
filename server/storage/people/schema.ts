/**
 * What is known about people, in a database of its own with a key of its own: whoever has the laptops' database knows no name, and
 * whoever has this one without its key knows none either.
 */
export interface PeopleSchema {
  register_personal: {
    /** Id of the register's record in the other database. */
    record: string;
    /** The version of the record it was written with. */
    version: number;
    organization: number;
    /** The personal fields, sealed. */
    sealed: Uint8Array;
  };
  attestation_contacts: {
    /** Id of the person in a campaign of the other database. */
    person: string;
    organization: number;
    /** The address, sealed. */
    sealed: Uint8Array;
  };
  people: {
    id: string;
    organization: number;
    /** Name, address and kind of the person, sealed. */
    sealed: Uint8Array;
    created_at: number;
  };
  /** Who holds which laptop. */
  holders: {
    /** Id of the device in the other database. */
    device: string;
    person: string;
    organization: number;
    since: number;
    /** Null while they hold it. */
    until: number | null;
  };
  /** Each time somebody was told who holds a laptop. */
  reveals: {
    id: string;
    organization: number;
    device: string;
    actor: string;
    at: number;
    /** Why, sealed: reasons name people. */
    sealed: Uint8Array;
  };
}
