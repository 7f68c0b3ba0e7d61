import { describe } from '@jest/globals';
import { propertyRuns } from '../../support/property-runs.ts';
import { itTilesIn } from './tiling.ts';

describe('billing periods', () => {
  itTilesIn('Europe/London', propertyRuns());
});
