export default {
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  // Minutes long: npm run test:heavy.
  testPathIgnorePatterns: ['/tests/heavy/'],
  // A machine that does other work too is slow.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
};
