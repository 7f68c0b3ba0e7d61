import { z } from 'zod';
import { hasEnded } from '../../domain/subscription/subscription-status.ts';
import type { CommandDocument } from '../../services/subscription/command-store.ts';
import type { CommandAnswer } from '../../services/subscription/subscription-steps.ts';
import type { JsonAnswer } from '../system/json-call.ts';
import type { SubscriptionTruth, SubscriptionRecords } from './subscription-snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

/** Every command is recorded once, answered once, says the same to whoever asked, and has the effect that it says. */
export function checkCommands(world: SubscriptionRecords): Violation[] {
  const found: Violation[] = [];
  const complain = complaints('every command is answered and carried out once', found);
  for (const truth of world.subscriptions) {
    const answer = checkAnswer(truth, complain);
    checkQuantity(truth, answer, world, complain);
    checkEnd(truth, answer, complain);
    checkCard(truth, answer, complain);
  }
  return found;
}

const lookAt = ({ record }: SubscriptionTruth): string => `MongoDB: subscription_commands of ${record.id}`;

/** What the customer's command came to; null: nothing was asked, or it is not answered. */
function checkAnswer(truth: SubscriptionTruth, complain: Complain): CommandAnswer | null {
  const { played, record, commands } = truth;
  const { planned, answers } = played;
  for (const { _id, answer } of commands)
    if (answer === null) complain(record.id, `${_id} has no answer`, lookAt(truth));
  const own = commands.filter(({ request }) => request.kind !== 'retry_payment');
  const wanted = planned.command === null ? 0 : 1;
  if (own.length !== wanted) complain(record.id, `${own.length} commands, ${wanted} was asked for`, lookAt(truth));
  const answer = own[0]?.answer ?? null;
  const known = answer === null ? 'nothing' : wordOf(answer);
  for (const said of answers) {
    const word = said === null ? 'nothing' : saidWord(said);
    if (word !== known) complain(record.id, `the API said ${word}, the record says ${known}`, lookAt(truth));
  }
  return answer;
}

const bodySchema = z.looseObject({ result: z.string(), order: z.string().nullable() });
const problemSchema = z.looseObject({ code: z.string() });

/** The API's answer and the recorded one in the same words. */
function saidWord({ status, body }: JsonAnswer): string {
  if (status >= 300) return problemSchema.safeParse(body).data?.code ?? `${status}`;
  const { result, order } = bodySchema.parse(body);
  return `${result} ${order}`;
}

function wordOf(answer: CommandAnswer): string {
  if (answer.kind === 'refused') return answer.code;
  if (answer.kind === 'declined') return 'subscription.payment_declined';
  return `${answer.kind} ${answer.kind === 'scheduled' ? null : answer.order}`;
}

/** A change of quantity is there when it was answered so, or when the money that it waited for came; else nothing is. */
function checkQuantity(
  truth: SubscriptionTruth,
  answer: CommandAnswer | null,
  { orderRecords }: SubscriptionRecords,
  complain: Complain,
): void {
  const { record, played } = truth;
  const asked = played.planned.command?.quantity ?? null;
  const [item] = record.items;
  const updates = orderRecords.filter(
    ({ billing }) => billing?.subscription === record.id && billing.reason === 'subscription_update',
  );
  const paid = updates.filter(({ status }) => status === 'completed');
  const order = answer === null || answer.kind === 'scheduled' || answer.kind === 'refused' ? null : answer.order;
  if (updates.length > 1 || updates.some(({ id }) => id !== order))
    complain(record.id, `${updates.length} orders of changes, the answer names ${order}`, lookAt(truth));
  const begun = answer?.kind === 'scheduled' && answer.at <= record.period.start;
  const pending = record.pendingChange?.items[0]?.quantity ?? null;
  const isChanged = asked !== null && (isDone(answer) || begun || (answer?.kind === 'waiting' && paid.length === 1));
  if (item?.quantity !== (isChanged ? asked : 1))
    complain(record.id, `its quantity is ${item?.quantity}, after ${wordOfMaybe(answer)} for ${asked}`, lookAt(truth));
  const isPending = asked !== null && answer?.kind === 'scheduled' && !begun && !hasEnded(record.status);
  if (pending !== (isPending ? asked : null))
    complain(record.id, `a quantity of ${pending} is pending, after ${wordOfMaybe(answer)}`, lookAt(truth));
}

/** Only who cancelled has ended, and not before the time that was said. */
function checkEnd(truth: SubscriptionTruth, answer: CommandAnswer | null, complain: Complain): void {
  const { status, cancelAt, endedAt } = truth.record;
  const until = truth.played.planned.command?.verb !== 'cancel' ? null : endOf(answer);
  const ended = hasEnded(status);
  const due = until !== null && until < new Date().toISOString();
  if (ended !== due) complain(truth.record.id, `it is ${status}, to end at ${until}`, lookAt(truth));
  if (endedAt !== null && until !== null && endedAt < until)
    complain(truth.record.id, `it ended at ${endedAt}, before ${until}`, lookAt(truth));
  if (!ended && cancelAt !== until) complain(truth.record.id, `it ends at ${cancelAt}, not ${until}`, lookAt(truth));
}

/** When a cancellation takes effect; null: it does not. */
function endOf(answer: CommandAnswer | null): string | null {
  if (answer?.kind === 'scheduled') return answer.at;
  return isDone(answer) ? '' : null;
}

/** The card on file is the one that was last accepted. */
function checkCard(truth: SubscriptionTruth, answer: CommandAnswer | null, complain: Complain): void {
  const { record, played } = truth;
  const isNew = played.planned.command?.verb === 'payment-method' && answer !== null && answer.kind !== 'refused';
  const wanted = isNew ? 'tok_ok' : played.planned.token;
  if (record.payment?.token !== wanted)
    complain(record.id, `it is paid with ${record.payment?.token}, not ${wanted}`, lookAt(truth));
}

const isDone = (answer: CommandAnswer | null): boolean => answer?.kind === 'done';

const wordOfMaybe = (answer: CommandDocument['answer']): string => (answer === null ? 'no answer' : wordOf(answer));
