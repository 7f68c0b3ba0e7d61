/** Every workflow type that we promise to keep; each belongs to the bundle of one queue, where new ones are added. */
export * from './orders.bundle.ts';
export * from './subscriptions.bundle.ts';
export * from './books.bundle.ts';
