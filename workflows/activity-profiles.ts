import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { priorities, taskQueues } from './task-queues.ts';

/**
 * The eight retry classes. Every activity belongs to exactly one (test/architecture proves it), each has an attempt
 * interval, a total limit and the reason for it. Failures that no retry can mend are marked non-retryable where they
 * are known: at the activity boundary.
 */

/**
 * Our own database, grouped into the workflow task that needs it. Total one day: a database that is away for minutes is
 * waited for without anyone noticing; after a day somebody has to look.
 */
const storeWrite: LocalActivityOptions = {
  startToCloseTimeout: '8s',
  scheduleToCloseTimeout: '1 day',
  localRetryThreshold: '20s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '30s' },
};

/** Questions to partners. Total ten minutes: the caller has an answer for "unavailable" and goes on. */
const partnerRead: ActivityOptions = {
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 8 },
};

/**
 * Money moves. Total 23 h: providers prune idempotency keys after 24 h, so later the same key could charge twice; then
 * the outcome is looked up instead. Few attempts in a row, because an unknown outcome is a state with its own schedule.
 */
const moneyMovement: ActivityOptions = {
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '23 hours',
  retry: { initialInterval: '300ms', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 6 },
};

/**
 * Money that nobody waits for, in a queue that is held to the gateways' rate. Total 23 h for the same reason as above;
 * attempts further apart and without a number, because the next day is soon enough.
 */
const renewal: ActivityOptions = {
  taskQueue: taskQueues.renewalMoney,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '23 hours',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10 minutes' },
};

/**
 * What a customer asks of a subscription, and waits for: ahead of every renewal, few attempts. Total two minutes; what
 * it came to by then is in the record.
 */
const command: ActivityOptions = {
  startToCloseTimeout: '40s',
  scheduleToCloseTimeout: '2 minutes',
  retry: { initialInterval: '300ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 6 },
  priority: { priorityKey: priorities.interactive },
};

/** Vendors' hosts. Total 7 days: the money is taken, so it is worth waiting; then the line is given back. */
const delivery: ActivityOptions = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '7 days',
  retry: { initialInterval: '1s', backoffCoefficient: 1.7, maximumInterval: '10 minutes' },
};

/** Mail. Total 3 days, as long as mail servers themselves keep trying; the record stays and support can send it again. */
const message: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10 minutes' },
};

/** Long reads of our own books, such as a quarter's documents. Total six hours: the next night's run comes anyway. */
const bookkeeping: ActivityOptions = {
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '6 hours',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10 minutes' },
};

type Names = readonly (keyof Activities)[];

/** Which activity is in which class. */
export const retryClasses = {
  storeWrite: [
    'prepareOrder',
    'settleOrderTax',
    'recordOrderEvent',
    'recordLineRefund',
    'recordLineRefundFailed',
    'fulfilFromStock',
    'openTaxConfirmation',
    'recordTaxGivenBack',
    'recordTaxRefundFailed',
    'advanceRefund',
    'settleRefund',
    'settleRefundReturn',
    'payRefundOtherwise',
    'noteRefund',
    'cancelRefund',
    'requestLineRefund',
    'requestTaxRefund',
    'postEarnedRevenue',
    'openSubscriptions',
    'readSubscriptionAgenda',
    'actOnSubscription',
  ],
  partnerRead: [
    'checkBusinessTaxId',
    'lookUpPayment',
    'startRecordedOrders',
    'advanceBulkRefund',
    'startSubscriptions',
    'importExchangeRates',
  ],
  moneyMovement: [
    'takePayment',
    'capturePayment',
    'voidPayment',
    'refundLine',
    'giveTaxBack',
    'payRefundBack',
    'recheckRefund',
  ],
  renewal: ['collectSubscription'],
  command: ['runSubscriptionCommand'],
  delivery: ['deliverByPartner', 'revokeRefunded'],
  message: ['sendMessages'],
  bookkeeping: [
    'openFilingPeriods',
    'closeFilingPeriod',
    'startTaxReturns',
    'markReturnFiled',
    'remindOfFiling',
    'guardSubscriptions',
    'reportRenewalRun',
  ],
} as const satisfies Record<string, Names>;

export const store = proxyLocalActivities<Pick<Activities, (typeof retryClasses.storeWrite)[number]>>(storeWrite);
export const partner = proxyActivities<Pick<Activities, (typeof retryClasses.partnerRead)[number]>>(partnerRead);
export const money = proxyActivities<Pick<Activities, (typeof retryClasses.moneyMovement)[number]>>(moneyMovement);
export const renewals = proxyActivities<Pick<Activities, (typeof retryClasses.renewal)[number]>>(renewal);
export const commands = proxyActivities<Pick<Activities, (typeof retryClasses.command)[number]>>(command);
export const deliveries = proxyActivities<Pick<Activities, (typeof retryClasses.delivery)[number]>>(delivery);
export const messages = proxyActivities<Pick<Activities, (typeof retryClasses.message)[number]>>(message);
export const books = proxyActivities<Pick<Activities, (typeof retryClasses.bookkeeping)[number]>>(bookkeeping);
