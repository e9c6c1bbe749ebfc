import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { hashPassword, passwordLength } from '../password.ts';
import { withStores } from './open.ts';

/** `collector password`: never on the command line, where others on the machine could read it. */
export async function password(args: Arguments): Promise<number> {
  const email = textOf(args, 'email');
  if (email === undefined) throw new UsageError('password: --email EMAIL is needed');
  return withStores(async (stores) => {
    const user = await stores.users.byEmail(email);
    if (user === undefined) throw new UsageError('password: nobody has that address');
    const typed = await readLine('New password: ');
    if (typed.length < passwordLength.min || typed.length > passwordLength.max) {
      throw new UsageError(`password: between ${passwordLength.min} and ${passwordLength.max} characters`);
    }
    await stores.users.setPassword(user, await hashPassword(typed), 'console', new Date());
    process.stderr.write('The password is set; whoever was signed in must sign in again.\n');
    return 0;
  });
}

/** One line of standard input; what is typed at a terminal is not shown. */
function readLine(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: process.stdin.isTTY });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => {
      if (process.stdin.isTTY) process.stderr.write('\n');
      resolve('');
    });
  });
}
