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
}
