export default {
  roots: ['<rootDir>/tests'],
  // No test runs an old build, whichever way jest is called.
  globalSetup: '<rootDir>/scripts/fresh-build.mjs',
  testMatch: ['**/*.test.ts'],
  // Minutes long: npm run test:heavy.
  testPathIgnorePatterns: ['/tests/heavy/'],
  // All cores: the servers and browsers that tests start wait more than they work.
  maxWorkers: '100%',
  // A machine that does other work too is slow.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
};
