import { describe, expect, it } from '@jest/globals';
import { remedyFor } from '../../../services/renewal-run/remedy.ts';
import type { Remedy, WorkflowHealth } from '../../../services/renewal-run/remedy.ts';

const at = '2027-03-01T10:00:00.000Z';
const minutesFrom = (minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();
const health = (change: Partial<WorkflowHealth> = {}): WorkflowHealth => ({
  ...{ running: true, wakesAt: minutesFrom(30), busy: false, failing: false },
  ...change,
});

describe('the remedy for a subscription', () => {
  it.each<[string, Partial<WorkflowHealth>, number, Remedy]>([
    ['that waits and will act in time', {}, 30, 'none'],
    ['that acts a little later than its record says', { wakesAt: minutesFrom(35) }, 30, 'none'],
    ['whose workflow does not run', { running: false }, 30, 'start'],
    ['whose workflow is overdue and does not run', { running: false }, -300, 'start'],
    ['that would oversleep', { wakesAt: minutesFrom(600) }, 30, 'nudge'],
    ['that does not say when it acts', { wakesAt: null }, 30, 'nudge'],
    ['that has just become due', { wakesAt: minutesFrom(-5) }, -5, 'none'],
    ['that is overdue and does nothing', { wakesAt: minutesFrom(-15) }, -15, 'nudge'],
    ['that is overdue and at work', { busy: true }, -300, 'none'],
    ['that two runs have not brought to act', {}, -130, 'replace'],
    ['whose code fails again and again', { failing: true, busy: true }, 30, 'replace'],
  ])('%s', (_what, change, dueInMinutes, remedy) => {
    expect(remedyFor({ health: health(change), dueAt: minutesFrom(dueInMinutes), at })).toBe(remedy);
  });
});
