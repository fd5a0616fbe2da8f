import { AwsError } from '../../aws-error';

/** A pattern that EventBridge refuses, as PutRule and TestEventPattern answer it. */
export class InvalidEventPatternException extends AwsError {
  /** @param reason what is wrong, in the words of Event Ruler (aws/event-ruler, JsonRuleCompiler) where it has any */
  constructor(reason: string) {
    super('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
  }
}
