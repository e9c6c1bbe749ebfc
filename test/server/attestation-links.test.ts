import { describe, expect, test } from 'vitest';
import {
  answer,
  ask,
  askForStatements,
  clearDesk,
  collector,
  inDays,
  lesoko,
  linksIn,
  of,
  page,
} from './asked-organization.ts';

askForStatements();

describe('asking by personal links', () => {
  let campaign = '';
  let codes: string[] = [];

  test('is refused with words where something is missing', async () => {
    for (const [changes, words] of [
      [{ statement: 'Too short' }, '20 to 1000 characters'],
      [{ people: 'ann@lesoko.example\nnobody' }, 'The address number 2 is none'],
      [{ people: '' }, 'Say who is asked'],
      [{ due: inDays(-3) }, 'a day to come'],
    ] as const) {
      const { status, text } = await ask(changes);
      expect([status, text.includes(words)]).toEqual([422, true]);
    }
    expect((await ask({}, 'auditor')).status).toBe(403);
    expect((await ask({ template: 'A-nothing' })).status).toBe(400);
  });

  test('shows each link once, and keeps addresses apart', async () => {
    expect(await clearDesk()).toContain('Nobody has been asked yet.');
    const made = await ask();
    expect(made.status).toBe(201);
    codes = linksIn(made.text);
    expect(new Set(codes).size).toBe(2);
    const [latest] = await collector.stores.attestations.list(lesoko.number, 1);
    campaign = latest?.id ?? '';
    const again = await page(of(`/attestations/${campaign}`));
    // What cannot be taken back is not one press away.
    const end = `action="${of(`/attestations/${campaign}/end`)}"`;
    expect(/<details>(?:(?!<\/details>)[\s\S])*?<form[^>]*>/.exec(again.text)?.[0]).toContain(end);
    expect(linksIn(again.text)).toEqual([]);
    expect(again.text).not.toContain('ann@lesoko.example');
    const people = await collector.stores.attestations.people(lesoko.number, campaign);
    const contacts = await collector.stores.attestationContacts.read(people.map(({ id }) => id));
    expect([...contacts.values()].toSorted()).toEqual(['ann@lesoko.example', 'bo@lesoko.example']);
    expect(JSON.stringify(await collector.stores.audit.list(lesoko.number, undefined, 50))).not.toContain(
      '@lesoko',
    );
    expect(
      collector.log.filter((line) => line.includes('ann@') || codes.some((code) => line.includes(code))),
    ).toEqual([]);
  });

  test('silence is no evidence, and nobody’s failure', async () => {
    expect(await clearDesk()).toContain('0 of 2 people stated it; 2 did not answer.');
    expect(await clearDesk()).toContain('Not evidenced');
  });

  test('the link shows the exact words and takes one answer', async () => {
    const [first = ''] = codes;
    const shown = await fetch(`${collector.url}/statement?code=${first}`);
    expect(await shown.text()).toContain('When I left my workplace, nothing with personal data lay on it.');
    expect((await answer(first, {})).status).toBe(422);
    expect((await answer(first, { answer: 'not-applicable', reason: '' })).status).toBe(422);
    expect((await answer(first, { answer: 'yes' })).status).toBe(200);
    expect((await answer(first, { answer: 'no' })).status).toBe(410);
    expect((await fetch(`${collector.url}/statement?code=${first}`)).status).toBe(410);
    expect((await fetch(`${collector.url}/statement?code=guessed`)).status).toBe(410);
    expect(await clearDesk()).toContain('1 of 2 people stated it; 1 did not answer.');
  });

  test('a no opens an action; the sentence fails until it is put right, and says so', async () => {
    const people = await collector.stores.attestations.people(lesoko.number, campaign);
    const silent = people.find((person) => person.answer === null)?.id;
    const renewed = await page(of(`/attestations/${campaign}/people/${silent}/link`), {});
    const [fresh = ''] = linksIn(renewed.text);
    // The link that was handed out first is worth nothing any more.
    expect((await answer(codes[1] ?? '', { answer: 'yes' })).status).toBe(410);
    expect((await answer(fresh, { answer: 'no', reason: 'There is no locker.' })).status).toBe(200);
    expect(await clearDesk()).toContain('1 said no, which opened an action.');
    expect((await page(of(`/attestations/${campaign}`))).text).toContain('There is no locker.');
    const right = (role: string, note = 'A locker was bought.') =>
      page(of(`/attestations/${campaign}/people/${silent}/put-right`), { note }, role);
    expect((await right('auditor')).status).toBe(403);
    expect((await right('contractor', 'ok')).status).toBe(422);
    expect((await right('contractor')).status).toBe(303);
    expect((await right('contractor')).status).toBe(404);
    expect(await clearDesk()).toContain('1 said no, which opened an action (1 put right).');
    expect(await clearDesk()).toContain('Partly evidenced');
  });

  test('a statement is countersigned by somebody who may', async () => {
    const people = await collector.stores.attestations.people(lesoko.number, campaign);
    const yes = people.find((person) => person.answer === 'yes')?.id;
    const path = of(`/attestations/${campaign}/people/${yes}/countersign`);
    expect((await page(path, {})).status).toBe(403);
    expect((await page(path, {}, 'dpo')).status).toBe(303);
    expect((await page(of(`/attestations/${campaign}`))).text).toContain('countersigned');
  });
});
