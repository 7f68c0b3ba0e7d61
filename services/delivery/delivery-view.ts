import type { DeliveryMethod } from '../../domain/catalog/catalog.ts';
import type { DeliveryRecord, DeliveryStatus, ImpossibleReason } from '../../domain/delivery/delivery.ts';
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
export function viewOf(record: DeliveryRecord, link: DownloadLink | null): DeliveryView {
  const { line, product, method, status } = record;
  return { line, product, method, status, details: detailsOf(record, link) };
}

function detailsOf({ details, reason }: DeliveryRecord, link: DownloadLink | null): DeliveryViewDetails {
  if (reason !== null) return { reason };
  if (details === null) return {};
  switch (details.method) {
    case 'license':
      return { licenseKeys: details.keys };
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
