const ESCAPE = "\x1B";
const TOKENS = new RegExp(`${ESCAPE}\\[(\\d*)([A-Za-z])|\\r|\\n|[^${ESCAPE}\r\n]+`, "g");

/** The rows that a terminal shows of what was written to it, without colours, if it is wide enough. */
export function shownBy(output: string): string[] {
  const rows: string[] = [""];
  let [row, column] = [0, 0];
  for (const [token, count, verb] of output.matchAll(TOKENS)) {
    if (verb === "A") row -= Number(count || 1);
    else if (verb === "J") rows.splice(row, rows.length, (rows[row] ?? "").slice(0, column));
    else if (verb === "K") rows[row] = (rows[row] ?? "").slice(0, column);
    else if (verb === "m") continue;
    else if (verb !== undefined) throw new Error(`The terminal does not know ${verb}`);
    else if (token === "\r") column = 0;
    else if (token === "\n") [row, column] = [row + 1, 0];
    else {
      const line = (rows[row] ?? "").padEnd(column);
      rows[row] = line.slice(0, column) + token + line.slice(column + token.length);
      column += token.length;
    }
    rows[row] ??= "";
  }
  return rows;
}
