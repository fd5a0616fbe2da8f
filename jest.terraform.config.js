/**
 * The stacks with real Terraform: validated, deployed to a mock of AWS, changed and destroyed.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...require('./jest.config'),
  testMatch: ['<rootDir>/__tests__/terraform/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
};
