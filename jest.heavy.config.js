import config from './jest.config.js';

/** What takes minutes: as much as in production, one file after another. */
export default {
  ...config,
  testMatch: ['**/tests/heavy/*.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 240_000,
  maxWorkers: 1,
};
