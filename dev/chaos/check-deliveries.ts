import type { OrderView } from '../../clients/http/order-view.ts';
import { deliveryId } from '../../domain/delivery/delivery.ts';
import type { DeliveryMethod } from '../../domain/catalog/catalog.ts';
import { downloadsPerUnit } from '../../services/delivery/download-grant-store.ts';
import { isSold, sameMembers } from './check-orders.ts';
import type { ChaosProduct } from './order-kinds.ts';
import type { OrderTruth, World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

const methods: Readonly<Record<ChaosProduct, readonly DeliveryMethod[]>> = {
  app: ['license', 'download'],
  keys: ['license'],
  pool: ['license'],
  gone: ['license'],
  doc: ['attachment'],
  saas: ['account'],
  suite: ['license', 'download', 'account', 'attachment'],
};

interface Wanted {
  readonly id: string;
  readonly line: string;
  readonly method: DeliveryMethod;
  readonly quantity: number;
  readonly product: ChaosProduct;
}

/** What was sold was given once: keys, accounts, downloads; what was not sold was not given; the pool is exact. */
export function checkDeliveries(world: World): Violation[] {
  const found: Violation[] = [];
  const complain = complaints('delivered once', found);
  const wantedIds = new Set<string>();
  for (const order of world.orders) {
    const wanted = isSold(order) ? wantedOf(order) : [];
    for (const one of wanted) {
      wantedIds.add(one.id);
      checkOne(order.view, one, world, complain);
    }
    if (order.view.deliveries.length !== wanted.length)
      complain(order.view.id, `${order.view.deliveries.length} deliveries, expected ${wanted.length}`, 'GET order');
  }
  checkStrays(world, wantedIds, complain);
  checkPool(world, complaints('the pool is given out exactly', found));
  return found;
}

function wantedOf({ placed, view }: OrderTruth): Wanted[] {
  return placed.plan.kind.lines.flatMap(([product, quantity], index) => {
    const line = `${index + 1}`;
    return methods[product].map((method) => ({
      id: deliveryId(view.id, line, method),
      line,
      method,
      quantity,
      product,
    }));
  });
}

function checkOne(view: OrderView, wanted: Wanted, world: World, complain: Complain): void {
  const { id, line, method, quantity, product } = wanted;
  const look = `MongoDB: deliveries ${id}`;
  const record = world.deliveries.find(({ _id }) => _id === id);
  const licenses = world.licenses.filter(({ deliveryId: of }) => of === id);
  const impossible = record?.status === 'impossible';
  const refunds = view.refunds.filter(({ lines }) => lines.includes(line));
  if (refunds.length !== (impossible ? 1 : 0))
    complain(view.id, `line ${line} is ${record?.status} and has ${refunds.length} refunds`, look);
  if (impossible && (product === 'pool' || product === 'gone')) {
    if (licenses.length > 0) complain(view.id, `line ${line} could not be delivered and has licences`, look);
    return;
  }
  if (record?.status !== 'delivered') return complain(view.id, `${id} is ${record?.status ?? 'not there'}`, look);
  const shown = view.deliveries.filter((one) => one.line === line && one.method === method);
  if (shown.length !== 1 || shown[0]?.status !== 'delivered')
    complain(view.id, `the API shows ${shown.map(({ status }) => status).join(', ')} for ${id}`, look);
  if (method === 'license') {
    const keys = licenses.map(({ key }) => key);
    if (keys.length !== quantity) complain(view.id, `${keys.length} licences for ${quantity} units of ${id}`, look);
    if (!sameMembers(keys, shown[0]?.details.licenseKeys ?? []))
      complain(view.id, `the API shows other keys than there are for ${id}`, look);
  }
  if (method === 'account') {
    const accounts = world.accounts.filter(({ externalId }) => externalId === id);
    if (accounts.length !== 1 || accounts[0]?.state !== 'active' || accounts[0].seats !== quantity)
      complain(view.id, `${accounts.length} accounts for ${id}`, 'sandbox: /account-host/accounts');
  }
  if (method === 'download') {
    const grant = world.grants.find(({ _id }) => _id === id);
    if (grant?.remaining !== downloadsPerUnit * quantity || grant.used !== 0)
      complain(view.id, `the grant of ${id} allows ${grant?.remaining} downloads`, 'MongoDB: download_grants');
  }
}

/** Nothing was given to anybody who is not owed it. */
function checkStrays(world: World, wanted: ReadonlySet<string>, complain: Complain): void {
  const stray = (kind: string, ids: readonly string[], look: string): void => {
    for (const id of ids) if (!wanted.has(id)) complain(null, `${kind} ${id} belongs to nothing that was sold`, look);
  };
  stray('delivery', world.deliveries.map(({ _id }) => _id), 'MongoDB: deliveries'); // prettier-ignore
  stray('licence of', world.licenses.map(({ deliveryId: id }) => id), 'MongoDB: licenses'); // prettier-ignore
  stray('grant', world.grants.map(({ _id }) => _id), 'MongoDB: download_grants'); // prettier-ignore
  stray('account', world.accounts.map(({ externalId }) => externalId), 'sandbox: /account-host/accounts'); // prettier-ignore
  const keys = world.licenses.map(({ key }) => key);
  if (new Set(keys).size < keys.length) complain(null, 'a licence key was given twice', 'MongoDB: licenses');
}

/** As many keys as there are orders for them, or all of them: none is lost to an order that got its money back. */
function checkPool(world: World, complain: Complain): void {
  const ordered = world.orders
    .filter(isSold)
    .flatMap(({ placed }) => placed.plan.kind.lines)
    .filter(([product]) => product === 'pool').length;
  const assigned = world.poolKeys.filter(({ assignedTo }) => assignedTo !== null);
  const wanted = Math.min(ordered, world.poolKeys.length);
  if (assigned.length !== wanted)
    complain(
      null,
      `${assigned.length} of ${world.poolKeys.length} keys are given out, expected ${wanted}`,
      'MongoDB: license_pool_keys',
    );
  for (const { key, assignedTo } of assigned)
    if (!world.licenses.some((license) => license.key === key && license.deliveryId === assignedTo))
      complain(null, `${key} is assigned to ${assignedTo}, which has no licence with it`, 'MongoDB: license_pool_keys');
}
