import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * What the AWS SDK uses in place of its default chain of credential providers: Lambda passes a function's credentials
 * in the environment, and the rest of the chain is a third of a bundle.
 */
export const defaultProvider = () => fromEnv();
