import type { Order } from '../../domain/order/order.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { CouponRedemptions } from '../pricing/coupon-redemptions.ts';

export interface OrderCouponsDeps {
  readonly catalog: Pick<CatalogService, 'getCoupon'>;
  readonly redemptions: Pick<CouponRedemptions, 'redeem' | 'release'>;
}

export type OrderCoupons = ReturnType<typeof createOrderCoupons>;

/** The coupon of an order: redeemed before it is paid, given back when nothing was. Both repeatable. */
export function createOrderCoupons({ catalog, redemptions }: OrderCouponsDeps) {
  return {
    /** False when its redemptions are used up. The limit is today's; what the coupon takes off was frozen at intake. */
    async redeem({ id, coupon }: Order): Promise<boolean> {
      if (coupon === null) return true;
      return (await redemptions.redeem(await catalog.getCoupon(coupon), id)) === 'redeemed';
    },

    async release({ id, coupon }: Order): Promise<void> {
      if (coupon !== null) await redemptions.release(coupon, id);
    },
  };
}
