import aslValidator from 'asl-validator';
import { type Gap, json, parsed } from './gap';

/** The provider has every definition validated before it plans, and asks for versions of state machines. */
export const stateMachines: Gap = async (asked, next) => {
  if (asked.target === 'AWSStepFunctions.ListStateMachineVersions') return json({ stateMachineVersions: [] });
  if (asked.target !== 'AWSStepFunctions.ValidateStateMachineDefinition') return next(asked);
  const { isValid, errorsText } = aslValidator(JSON.parse(parsed(asked).definition));
  const diagnostics = isValid ? [] : [{ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message: errorsText() }];
  return json({ result: isValid ? 'OK' : 'FAIL', diagnostics, truncated: false });
};
