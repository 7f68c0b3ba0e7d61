import { refundIdOf } from '../refund/refund-id.ts';

/** The id of the bulk refund that these parts name (an API key and its Idempotency-Key): the same for every repeat. */
export function bulkRefundIdOf(parts: readonly string[]): string {
  return refundIdOf(['bulk_refund', ...parts]).replace(/^rfd_/, 'blk_');
}
