const { basename, join } = require('node:path');

/**
 * Snapshots stand in `__tests__/golden`, one file per test file.
 *
 * @type {import('jest-snapshot').SnapshotResolver}
 */
module.exports = {
  resolveSnapshotPath: (testPath, extension = '.snap') => join(__dirname, 'golden', basename(testPath) + extension),
  resolveTestPath: (snapshotPath, extension = '.snap') =>
    join(__dirname, 'stacks', basename(snapshotPath).slice(0, -extension.length)),
  testPathForConsistencyCheck: join(__dirname, 'stacks', 'example.test.ts'),
};
