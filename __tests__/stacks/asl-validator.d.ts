/** The part of asl-validator used here; it ships no types. */
declare module 'asl-validator' {
  function aslValidator(definition: object): { readonly isValid: boolean; errorsText(separator?: string): string };
  export = aslValidator;
}
