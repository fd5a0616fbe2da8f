/** A text with what Terraform would take for an expression or directive of its own escaped. */
export function literal(text: string): string {
  // In a replacement string `$$` would stand for one dollar sign.
  return text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{');
}
