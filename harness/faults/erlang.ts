/** Text as an Erlang expression says it. */
export function binary(text: string): string {
  return `<<${JSON.stringify(text)}/utf8>>`;
}
