import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  pauseEvents,
  pauseMatrix,
  pauseRule,
  pauseStateAt,
  pauseStates,
} from '../../../domain/subscription/pause-matrix.ts';
import type { PauseEvent, PauseOutcome } from '../../../domain/subscription/pause-matrix.ts';

// Scheduled, then running. Written out by hand, so that a change of the matrix has to be made twice.
const expected: Readonly<Record<PauseEvent, readonly [PauseOutcome, PauseOutcome]>> = {
  cancel_now: ['ends_pause', 'ends_pause'],
  cancel_period_end: ['ends_pause', 'ends_pause'],
  change_now: ['goes_on', 'waits'],
  change_period_end: ['waits', 'waits'],
  trial: ['goes_on', 'stands_still'],
  renewal: ['goes_on', 'stands_still'],
  discount_end: ['goes_on', 'stands_still'],
  card_expiry: ['goes_on', 'waits'],
  payment_method: ['goes_on', 'goes_on'],
  unpaid: ['stands_still', 'stands_still'],
  usage: ['goes_on', 'refused'],
  one_off_item: ['waits', 'waits'],
  pause: ['goes_on', 'goes_on'],
  resume: ['ends_pause', 'ends_pause'],
};

const page = readFileSync('docs/subscriptions.md', 'utf8');

describe('what meets a pause', () => {
  it.each(pauseEvents)('%s ends as the matrix says, before and during the pause', (event) => {
    expect(pauseStates.map((state) => pauseRule(event, state).outcome)).toEqual([...expected[event]]);
  });

  it('is refused with a code, and only then', () => {
    for (const event of pauseEvents)
      for (const state of pauseStates) {
        const { outcome, refusal } = pauseRule(event, state);
        expect(refusal !== null).toBe(outcome === 'refused');
      }
  });

  it('is written down for people word by word', () => {
    for (const event of pauseEvents) {
      const { scheduled, running } = pauseMatrix[event];
      const row = page.split('\n').find((line) => line.startsWith(`| \`${event}\``));
      expect(row?.split('|').map((cell) => cell.trim())).toEqual([
        '',
        `\`${event}\``,
        scheduled.says,
        running.says,
        '',
      ]);
    }
  });
});

describe('the state of a pause', () => {
  const pause = { from: '2027-03-10T00:00:00.000Z' };

  it('is scheduled until it begins, then running', () => {
    expect(pauseStateAt(null, '2027-03-10T00:00:00.000Z')).toBeNull();
    expect(pauseStateAt(pause, '2027-03-09T23:59:59.999Z')).toBe('scheduled');
    expect(pauseStateAt(pause, '2027-03-10T00:00:00.000Z')).toBe('running');
  });
});
