/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  testTimeout: 300_000,
  maxWorkers: '100%',
  snapshotResolver: '<rootDir>/__tests__/snapshot-resolver.js',
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out'],
};
