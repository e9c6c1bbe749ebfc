/**
 * Account names that stand for a role or a place instead of a person. Only ever compared on the device: what is reported is
 * whether the name is one of these, never the name.
 */
const sharedNames = new Set(
  [
    'admin administrator root operator superuser sysadmin itadmin localadmin support helpdesk service',
    'user users username default owner account person people everyone anyone public guest visitor',
    'office desk frontdesk reception receptionist counter shop store warehouse workshop lab kiosk library meeting conference',
    'company team staff employee employees colleague shared common group sales marketing accounting finance info contact hr',
    'pc laptop notebook computer desktop workstation device machine home work spare loaner pool',
    'test tester testing testuser demo temp tmp temporary trial training trainee student intern teacher school',
    'benutzer nutzer gast büro buero empfang lager firma mitarbeiter praktikant azubi schulung werkstatt',
    'utilisateur invité invite bureau accueil société societe stagiaire usuario invitado oficina recepcion recepción',
    'utente ospite ufficio gebruiker gast kantoor bruker användare anvandare bruger',
  ].flatMap((line) => line.split(' ')),
);

/** Whether an account name says a role or a place (`office`, `Admin 2`, `pc-03`), so that nobody knows who used it. */
export function isSharedName(name: string): boolean {
  const bare = name
    .trim()
    .toLowerCase()
    .replace(/[\s._-]*\d*$/, '');
  return sharedNames.has(bare) || sharedNames.has(bare.replace(/[\s._-]/g, ''));
}
