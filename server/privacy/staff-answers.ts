import { requests } from '../registers/definitions/requests.ts';
import { type Value, type Values, valueText } from '../registers/field.ts';
import type { Author, RegisterRecord } from '../registers/record.ts';
import type { Stores } from '../storage/stores.ts';

/** Where the request came from a laptop's page: the answer goes back there. */
export async function answerStaff(
  stores: Stores,
  record: RegisterRecord,
  personal: Values,
  { actor }: Author,
  at: Date,
): Promise<void> {
  const said = [refusalOf(record.values['refusal']), personal['outcome']].filter(Boolean).join(' ');
  await stores.staffRequests.answer(record.organization, record.id, said || 'It was closed.', actor, at);
}

function refusalOf(value: Value | undefined): string {
  const field = requests.fields['refusal'];
  return value === undefined || field === undefined
    ? ''
    : `Refused: ${valueText(field, value)}. You can complain to the authority.`;
}
