import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

export const faultyPartners = [
  'acquirer_a',
  'acquirer_b',
  'deferred_payments',
  'business_tax_ids',
  'account_host',
  'smtp',
  'exchange_rates',
] as const;
export type FaultyPartner = (typeof faultyPartners)[number];

/**
 * `error`: answers 503 and does nothing; `timeout`: never answers and does nothing; `lost_response`: does it and drops
 * the connection before answering; `slow`: does it and answers after `slowMs`.
 */
export type FaultKind = 'error' | 'timeout' | 'lost_response' | 'slow';

/** How long `slow` and `tok_slow` take. */
export const slowMs = 3_000;

export const faultSchema = z.strictObject({
  partner: z.enum(faultyPartners),
  kind: z.enum(['error', 'timeout', 'lost_response', 'slow']),
  /** Probability per request; 1 when absent. */
  rate: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
  /** How many requests it may hit; null: no end. */
  times: z.int().positive().nullable().default(null),
  /** Regular expression over "METHOD /path": only such requests meet it. null: all. Mails have no path. */
  request: z.string().max(200).refine(isPattern, 'must be a regular expression').nullable().default(null),
});
type Fault = z.output<typeof faultSchema>;
export type FaultRequest = z.input<typeof faultSchema>;

interface ActiveFault {
  readonly fault: Fault;
  readonly pattern: RegExp | null;
  readonly random: () => number;
  fired: number;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Faults that the partners show, drawn from a seeded generator so that a run can be repeated. */
export function createFaults() {
  let active: ActiveFault[] = [];
  return {
    add(request: FaultRequest): Fault {
      const fault = faultSchema.parse(request);
      const pattern = fault.request === null ? null : new RegExp(fault.request);
      active.push({ fault, pattern, random: seededRandom(fault.seed), fired: 0 });
      return fault;
    },
    /** The fault that this request meets, or null. Every active fault of the partner draws, so order is repeatable. */
    draw(partner: FaultyPartner, request: string | null = null): FaultKind | null {
      let hit: FaultKind | null = null;
      for (const entry of active) {
        if (entry.fault.partner !== partner || (entry.fault.times ?? Infinity) <= entry.fired) continue;
        if (entry.pattern !== null && (request === null || !entry.pattern.test(request))) continue;
        if (hit !== null || entry.random() >= entry.fault.rate) continue;
        entry.fired += 1;
        hit = entry.fault.kind;
      }
      return hit;
    },
    list: () => active.map(({ fault, fired }) => ({ ...fault, fired })),
    clear(partner?: string) {
      active = partner === undefined ? [] : active.filter(({ fault }) => fault.partner !== partner);
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;

export function registerFaultRoutes(app: FastifyInstance, faults: Faults): void {
  app.post('/faults', (request, reply) => reply.code(201).send(faults.add(faultSchema.parse(request.body))));
  app.get('/faults', () => faults.list());
  app.delete('/faults', (request, reply) => {
    faults.clear(z.object({ partner: z.string().optional() }).parse(request.query).partner);
    return reply.code(204).send();
  });
}

/** mulberry32: 32 bits of state, the same numbers on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
