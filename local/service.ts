import type { z } from 'zod';
import type { NewHop } from './timeline';
import type { Principal } from './principal';

/** Values of condition keys, by key as policies spell them. */
export type ConditionContext = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One thing IAM must allow before an operation runs. */
export interface Permission {
  /** IAM action, such as `sqs:SendMessage`; may differ from the operation's name. */
  readonly action: string;
  /** ARN acted on, or `*` where AWS has no resource level. */
  readonly resource: string;
  /** Condition keys beyond the global ones. */
  readonly context?: ConditionContext;
}

/** The call that an operation is run for. */
export interface Call {
  /** Who asks; IAM has let it. */
  readonly principal: Principal;
  /** Hops that caused the call. */
  readonly parents: readonly number[];
  /** A fault fails some entries of the request; only for operations that answer by entry. */
  readonly isPartial: boolean;
  /**
   * Writes a hop with service, operation, principal and parents filled in; returns its id, which whatever the
   * operation causes names as its parent. Reads record nothing.
   */
  record(hop: Pick<NewHop, 'resource' | 'summary'> & Partial<NewHop>): number;
}

/** One operation of an AWS service. */
export interface Operation<Input = any, Output = unknown> {
  /** Checks the input; what does not fit is answered with the service's validation error. */
  readonly input: z.ZodType<Input>;
  /** Takes each entry of a request by itself: some may fail while the others are taken. @default false */
  readonly answersByEntry?: true;
  /** What IAM must allow; the first resource also tells faults what is acted on. May throw for what does not exist. */
  permissions(input: Input): readonly Permission[];
  /** Does it. @throws AwsError with the service's own code and wording */
  run(input: Input, call: Call): Output | Promise<Output>;
}

/** The errors in which services differ. */
export interface ServiceErrors {
  /** IAM refuses. */
  readonly accessDenied: { readonly code: string; readonly status: number };
  /** Too many requests. */
  readonly throttled: { readonly code: string; readonly status: number };
  /** The input does not fit. */
  readonly validation: { readonly code: string; readonly status: number };
  /** The service fails. */
  readonly internal: { readonly code: string; readonly status: number };
}

/** Attributes of a resource that other resources may refer to: its arguments and what AWS computes. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A resource of the synthesized configuration with its expressions resolved and its arguments checked. */
export interface Resource<Arguments> {
  /** `stack/aws_sqs_queue.name` */
  readonly address: string;
  /** Id of the stack. */
  readonly stack: string;
  /** Terraform's, such as `aws_sqs_queue`. */
  readonly type: string;
  /** Terraform's name of the resource in its stack, such as `queue_4B2F`. */
  readonly name: string;
  /** Parsed by the type's schema. */
  readonly arguments: Arguments;
  /** What the provider tags all resources with, which tags of the resource's own replace. @default none */
  readonly defaultTags?: Readonly<Record<string, string>>;
}

/** How the runtime runs one Terraform resource type (or data source). */
export interface ResourceType<Arguments = any> {
  /** Strict: an argument that is not modelled is refused. */
  readonly arguments: z.ZodType<Arguments>;
  /**
   * Makes the resource.
   *
   * @returns every attribute that may be referred to beyond the arguments: `id`, `arn`, `url`, ...
   * @throws Error with what was wrong and what to do; the loader adds the address
   */
  create(resource: Resource<Arguments>): Attributes | Promise<Attributes>;
}

/** One AWS service: what callers may ask of it and which Terraform types it runs. */
export interface Service {
  /** IAM prefix: `dynamodb`, `sqs`, `events`, `execute-api`. */
  readonly name: string;
  /** By the names of the API. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** By Terraform's types. */
  readonly resources: Readonly<Record<string, ResourceType>>;
  /** How refusals of the runtime itself are called. */
  readonly errors: ServiceErrors;
}

/** Error names of the services that speak JSON. */
export const jsonErrors: ServiceErrors = {
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  throttled: { code: 'ThrottlingException', status: 400 },
  validation: { code: 'ValidationException', status: 400 },
  internal: { code: 'InternalServerError', status: 500 },
};
