import { describe, expect, it } from '@jest/globals';
import { createActivities } from '../../activities/index.ts';
import { failureCatalogue } from '../../domain/failures.ts';
import { orderEvents } from '../../domain/order/order-events.ts';
import * as workflows from '../../workflows/index.ts';
import * as bulkRefundContract from '../../workflows/bulk-refund/bulk-refund.contract.ts';
import { exchangeRateImportScheduleId } from '../../workflows/exchange-rate-import/exchange-rate-import.contract.ts';
import { orderSweepScheduleId, orderSweepWorkflowType } from '../../workflows/order-sweep/order-sweep.contract.ts';
import * as orderContract from '../../workflows/order/order.contract.ts';
import {
  revenueRecognitionScheduleId,
  revenueRecognitionWorkflowType,
} from '../../workflows/revenue-recognition/revenue-recognition.contract.ts';
import { renewalRunScheduleId, renewalRunWorkflowType } from '../../workflows/renewal-run/renewal-run.contract.ts';
import * as subscriptionContract from '../../workflows/subscription/subscription.contract.ts';
import * as refundContract from '../../workflows/refund/refund.contract.ts';
import * as taxFilingContract from '../../workflows/tax-filing/tax-filing.contract.ts';
import * as taxConfirmationContract from '../../workflows/tax-confirmation/tax-confirmation.contract.ts';
import { searchAttributes, searchAttributeTypes } from '../../workflows/search-attributes.ts';
import { taskQueues } from '../../workflows/task-queues.ts';
import { read } from './source.ts';

// Goal: histories, schedules, timelines and alerts refer to these names, so none disappears or changes by accident. A new
// one is added to permanent-names.json; one that is there may only go when nothing that was started with it is left.

const isMessage = (value: unknown): value is { type: string; name: string } =>
  typeof value === 'object' && value !== null && 'type' in value && 'name' in value;

const exported: readonly unknown[] = [
  ...Object.values(orderContract),
  ...Object.values(bulkRefundContract),
  ...Object.values(taxConfirmationContract),
  ...Object.values(refundContract),
  ...Object.values(taxFilingContract),
  ...Object.values(subscriptionContract),
];
const messagesOf = (type: string): string[] =>
  exported
    .filter(isMessage)
    .filter((message) => message.type === type)
    .map(({ name }) => name);

const current = {
  workflows: Object.keys(workflows),
  // Nothing is called, so nothing is needed.
  activities: Object.keys(createActivities({} as Parameters<typeof createActivities>[0])),
  updates: messagesOf('update'),
  signals: messagesOf('signal'),
  queries: messagesOf('query'),
  searchAttributes: Object.keys(searchAttributeTypes),
  taskQueues: Object.values(taskQueues),
  schedules: [
    taxFilingContract.taxFilingScheduleId,
    exchangeRateImportScheduleId,
    orderSweepScheduleId,
    revenueRecognitionScheduleId,
    renewalRunScheduleId,
  ],
  orderEvents: Object.keys(orderEvents),
  failureCodes: Object.keys(failureCatalogue),
};

const permanent = JSON.parse(read('test/architecture/permanent-names.json')) as Record<string, readonly string[]>;

describe('permanent names', () => {
  it.each(Object.entries(current))('of the %s are those on the list', (kind, names) => {
    expect([...names].sort()).toEqual([...(permanent[kind] ?? [])].sort());
  });

  it('of the contracts are exported under the same name', () => {
    expect(current.workflows).toContain(orderContract.orderWorkflowType);
    expect(current.workflows).toContain(bulkRefundContract.bulkRefundWorkflowType);
    expect(current.workflows).toContain(orderSweepWorkflowType);
    expect(current.workflows).toContain(revenueRecognitionWorkflowType);
    expect(current.workflows).toContain(renewalRunWorkflowType);
    expect(current.workflows).toContain(subscriptionContract.subscriptionWorkflowType);
    expect(current.workflows).toContain(taxConfirmationContract.taxConfirmationWorkflowType);
  });

  it('of the search attributes are registered with the type that the workflows write', () => {
    const written = Object.values(searchAttributes).map(({ name, type }) => [name, type.toLowerCase()]);
    const registered = Object.entries(searchAttributeTypes).map(([name, type]) => [name, type.toLowerCase()]);
    expect(written.sort()).toEqual(registered.sort());
  });
});
