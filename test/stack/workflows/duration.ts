/** A second workflow file, to see that the bundler follows imports with a `.ts` extension. */
export const ONE_YEAR = '365 days';
