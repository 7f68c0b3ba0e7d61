import { defineSearchAttributeKey } from '@temporalio/common';

/** What operators filter by. Opaque ids, statuses, currencies and due times only: visibility is not encrypted. */
export const searchAttributes = {
  status: defineSearchAttributeKey('WaybillStatus', 'KEYWORD'),
  currency: defineSearchAttributeKey('WaybillCurrency', 'KEYWORD'),
  /** When the wait that the workflow is in ends by itself. */
  dueAt: defineSearchAttributeKey('WaybillDueAt', 'DATETIME'),
} as const;

/** Name → type as the server's operator service and CLI spell them. The laptop's stack registers them (dev/stack), elsewhere an operator does (docs/operate.md). */
export const searchAttributeTypes = {
  WaybillStatus: 'Keyword',
  WaybillCurrency: 'Keyword',
  WaybillDueAt: 'Datetime',
} as const;
