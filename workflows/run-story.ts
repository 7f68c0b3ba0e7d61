import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { messages } from './activity-profiles.ts';
import { searchAttributes } from './search-attributes.ts';

/** What operators see of a run and how its customer is told: the same in every workflow. */
export interface ToldRun {
  readonly orderId: string;
  /** Mails on their way; awaited before the run ends. */
  readonly telling: Promise<void>[];
}

/**
 * Adds what happened to the workflow's current details. The UI shows the first lines only: the newest comes first. The
 * details are read by query: they cost no history.
 * @param story newest first; changed @param above lines that stand above it @param keep how many entries stay
 */
export function tellStory(story: string[], text: string, above: readonly string[] = [], keep = Infinity): void {
  story.unshift(`${new Date().toISOString().slice(0, 16).replace('T', ' ')} ${text}`);
  story.splice(keep);
  const lines = story.map((line, index) => (index === 0 ? `- **${line}**` : `- ${line}`));
  setCurrentDetails([...above, ...lines].join('\n'));
}

/** What operators search for. `dueAt`: when the wait ends by itself, ISO 8601 UTC. */
export function showStatus(status: string, dueAt: string | null): void {
  upsertSearchAttributes([
    { key: searchAttributes.status, value: status },
    { key: searchAttributes.dueAt, value: dueAt === null ? null : new Date(dueAt) },
  ]);
}

/** Sends what the recorded facts have queued. The story does not wait for mail, only its end does. */
export function tellCustomer({ orderId, telling }: ToldRun): void {
  const sending = messages.sendMessages.executeWithOptions({ summary: 'tell the customer' }, [{ orderId }]);
  telling.push(
    sending.then(
      () => undefined,
      // The message record stays; what it speaks of is not in question.
      (error: unknown) => log.warn('messages were not sent', { orderId, error }),
    ),
  );
}
