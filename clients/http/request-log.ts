import type { FastifyRequest } from 'fastify';
import { Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { maskCardNumbers } from '../../domain/card-number.ts';
import type { Api } from './api-deps.ts';

/** Headers that must never be written, whoever logs a request one day. */
export const redactedPaths = ['req.headers', 'headers.authorization', 'authorization', 'body', 'req.body'];

/** One line and one measurement per request: the route's pattern, never the path as sent, the query or the body. */
export function observeRequests(app: Api, metrics: Registry | undefined): Registry {
  const registry = metrics ?? new Registry();
  if (metrics === undefined) collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'waybill_http_request_duration_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url;
    const { method, callerId, problemCode } = request;
    const status = reply.statusCode;
    duration.observe({ method, route: route ?? 'none', status: status.toString() }, reply.elapsedTime / 1000);
    const line = {
      method,
      route: route ?? unroutedPath(request),
      status,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.info({ ...line, caller: callerId, ...(problemCode === null ? {} : { code: problemCode }) }, 'answered');
    done();
  });
  return registry;
}

/** For whoever looks for a wrong URL: without query, card numbers, and tokens of links. */
function unroutedPath(request: FastifyRequest): string {
  const path = maskCardNumbers(decoded(request.url.split('?')[0] ?? ''));
  return path.slice(0, 200).replace(/\/([di])\/[^/]+/, '/$1/***');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '(undecodable path)';
  }
}
