import type { Collected } from './bill-collection.ts';
import type { CommandAnswer } from './subscription-steps.ts';
import type { SubscriptionChanges, SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface CommandMoment {
  readonly commandId: string;
  /** Business time, ISO 8601 UTC. */
  readonly at: string;
}

/** What became of a command, and the record afterwards. */
export interface Commanded {
  readonly answer: CommandAnswer;
  readonly subscription: SubscriptionDocument;
}

/** A command that moves no money: its effect and the note that it has happened are one write. @param at null: at once */
export async function carriedOut(
  store: Pick<SubscriptionStore, 'update'>,
  known: SubscriptionDocument,
  command: { readonly commandId: string; readonly changes: SubscriptionChanges; readonly at: string | null },
): Promise<Commanded> {
  const { commandId: id, changes, at } = command;
  const subscription = await store.update(known, { ...changes, lastCommand: { id, at } });
  return { answer: answerAt(at), subscription };
}

/** What a command was answered whose answer could not be written down. */
export function answerBefore({ lastCommand }: SubscriptionDocument, commandId: string): CommandAnswer | null {
  return lastCommand?.id === commandId ? answerAt(lastCommand.at) : null;
}

function answerAt(at: string | null): CommandAnswer {
  return at === null ? { kind: 'done', order: null } : { kind: 'scheduled', at };
}

/** A collection in the words of a command. */
export function answerOf({ subscription, outcome }: Collected, order: string): Commanded {
  switch (outcome.kind) {
    case 'captured':
      return { answer: { kind: 'done', order }, subscription };
    case 'nothing_owed':
      return { answer: { kind: 'done', order: null }, subscription };
    case 'declined': {
      const { declineClass, declineCode } = outcome;
      return { answer: { kind: 'declined', order, declineClass, declineCode }, subscription };
    }
    case 'refused':
      return { answer: { kind: 'declined', order, declineClass: 'hard', declineCode: outcome.rule }, subscription };
    case 'waiting':
      return { answer: { kind: 'waiting', order, reason: outcome.reason }, subscription };
    case 'unknown':
    case 'unavailable':
      return { answer: { kind: 'waiting', order, reason: 'unknown' }, subscription };
  }
}
