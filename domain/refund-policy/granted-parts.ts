import { applyFraction } from '../money/money.ts';
import type { RefundPart } from '../refund/refund.ts';
import type { JudgedLine } from './decide-lines.ts';
import type { Refundable } from './refund-decision.ts';

/**
 * What of the parts that were asked for goes back by the decisions of their lines. A pro rata part is that of the sold
 * price, so that what was given back before is not given twice.
 * @param sold gross of each line as it was sold, minor units
 */
export function grantedParts(
  parts: readonly RefundPart[],
  judged: readonly JudgedLine[],
  sold: readonly { readonly line: string; readonly gross: number }[],
): readonly RefundPart[] {
  return parts.flatMap((part) => {
    const decision = judged.find(({ line }) => line === part.line)?.decision;
    if (decision?.kind !== 'granted') return [];
    const gross = grantedOf(
      part,
      decision.refundable,
      sold.find(({ line }) => line === part.line)?.gross ?? part.gross,
    );
    return gross === 0 && part.gross > 0 ? [] : [{ ...part, gross }];
  });
}

/** Minor units; never more than the part. */
function grantedOf({ gross }: RefundPart, refundable: Refundable, soldGross: number): number {
  switch (refundable.kind) {
    case 'full':
    case 'full_on_return':
      return gross;
    case 'pro_rata':
      return Math.min(gross, applyFraction(soldGross, refundable.unused, refundable.whole));
    case 'none':
      return 0;
  }
}
