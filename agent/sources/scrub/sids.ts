/**
 * Stand-ins for security identifiers: accounts of this machine `S-1-5-21-1-1-1-<RID>`, of its domain `S-1-5-21-2-2-2-<RID>`,
 * of Entra `S-1-12-1-1-1-1-<n>`. The same SID always gets the same stand-in.
 */
export class SidStandIns {
  private readonly machine: string | undefined;
  private readonly entra = new Map<string, number>();

  /** `machine` = SID of this machine's own database, without a RID; undefined = not known, then accounts count as the domain's. */
  constructor(machine: string | undefined) {
    this.machine = machine?.toUpperCase();
  }

  /** The stand-in; undefined for what is no person's SID. */
  of(sid: string): string | undefined {
    const local = /^(S-1-5-21(?:-\d+){3})-(\d{1,10})$/i.exec(sid);
    if (local !== null) {
      const own = local[1]?.toUpperCase() === this.machine;
      return `S-1-5-21-${own ? '1-1-1' : '2-2-2'}-${local[2]}`;
    }
    if (!/^S-1-12-1(?:-\d+){4}$/i.test(sid)) return undefined;
    const name = sid.toUpperCase();
    const number = this.entra.get(name) ?? this.entra.size + 1;
    this.entra.set(name, number);
    return `S-1-12-1-1-1-1-${number}`;
  }

  /** Replaces the SIDs inside a key or path, a person's and any other one that looks like it. */
  within(text: string): string {
    return text.replace(/S-1-(?:5-21|12-1)(?:-\d+)+/gi, (sid) => this.of(sid) ?? 'S-1-5-21-2-2-2-0');
  }
}
