/** What a customer is told of before it happens. */
export type NoticeKind = 'trial_end' | 'renewal' | 'annual_reminder' | 'price_change' | 'pre_debit' | 'pause_end';
