/** Where a command says what it has found. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
