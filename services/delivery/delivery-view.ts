import type { DeliveryMethod } from '../../domain/catalog/catalog.ts';
import type { DeliveryRecord, DeliveryStatus, ImpossibleReason } from '../../domain/delivery/delivery.ts';
import type { Access } from '../../domain/entitlement/entitlement.ts';
import { assertNever } from '../../domain/state-machine.ts';

/** What the customer may be shown of a delivery; empty while there is nothing to show. */
export interface DeliveryViewDetails {
  readonly licenseKeys?: readonly string[];
  /** Of a download: a link that works until `expiresAt` (ISO 8601 UTC). Only while the delivery stands. */
  readonly link?: string;
  readonly expiresAt?: string;
  readonly file?: string;
  readonly loginUrl?: string;
  readonly reason?: ImpossibleReason;
  /** Only while it may not be used, and will be again. */
  readonly access?: 'suspended';
}

/** A row of `deliveries` in the API's order. */
export interface DeliveryView {
  readonly line: string;
  readonly product: string;
  readonly method: DeliveryMethod;
  readonly status: DeliveryStatus;
  readonly details: DeliveryViewDetails;
}

export interface DownloadLink {
  readonly url: string;
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
}

/** The row of one record; `link` only where there is something to download. */
export function viewOf(record: DeliveryRecord, access: Access, link: DownloadLink | null): DeliveryView {
  const { line, product, method, status } = record;
  const suspended = access.state === 'suspended' ? { access: access.state } : {};
  return { line, product, method, status, details: { ...detailsOf(record, access, link), ...suspended } };
}

function detailsOf(
  { details, reason }: DeliveryRecord,
  access: Access,
  link: DownloadLink | null,
): DeliveryViewDetails {
  if (reason !== null) return { reason };
  if (details === null) return {};
  switch (details.method) {
    case 'license':
      // Of a delivery that was taken back the keys stay to be seen: the record says that they are void.
      return { licenseKeys: 'units' in access ? details.keys.slice(0, access.units) : details.keys };
    case 'download':
      return link === null ? { file: details.file } : { file: details.file, link: link.url, expiresAt: link.expiresAt };
    case 'attachment':
      return { file: details.file };
    case 'account':
      return { loginUrl: details.loginUrl };
    default:
      return assertNever(details);
  }
}
