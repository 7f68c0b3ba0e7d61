import type { BusinessTaxIdAnswer, BusinessTaxIdChecker } from '../../../services/tax/business-tax-id-checker.ts';

/** A register that gives the answers of a script, the last one for ever, and remembers who asked. */
export function register(...answers: readonly [BusinessTaxIdAnswer, ...BusinessTaxIdAnswer[]]) {
  const asked: { country: string; businessTaxId: string }[] = [];
  const checker: BusinessTaxIdChecker = {
    check: (request) => {
      asked.push(request);
      return Promise.resolve(answers[asked.length - 1] ?? answers[answers.length - 1] ?? answers[0]);
    },
  };
  return { checker, asked };
}

export const confirmed = (consultationNumber: string): BusinessTaxIdAnswer => ({
  status: 'confirmed',
  consultationNumber,
});
export const unknown: BusinessTaxIdAnswer = { status: 'unknown' };
export const unavailable: BusinessTaxIdAnswer = { status: 'unavailable', reason: 'MS_UNAVAILABLE' };
