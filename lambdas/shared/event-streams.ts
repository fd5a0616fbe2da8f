/**
 * What the AWS SDK loads in place of its event streams (Lambda's response streams, CloudWatch Logs' live tail and the like):
 * no function here uses one, and a bundle that could load them is a tenth larger and slower to start.
 */
throw new Error(
  'Event streams are left out of the functions: take the alias for them out of constructs/function-bundle.ts',
);
