import { describe } from '@jest/globals';
import { itTilesIn } from './tiling.ts';

describe('billing periods', () => {
  itTilesIn('Asia/Kathmandu');
});
