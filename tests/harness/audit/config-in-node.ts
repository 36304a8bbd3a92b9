import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";

const ROOT = join(import.meta.dirname, "../../..");
const PROGRAM = `
  const { parseAudit } = await import(${JSON.stringify(join(ROOT, "harness/cli/audit-arguments.ts"))});
  try {
    const parsed = await parseAudit(process.argv.slice(1));
    console.log(JSON.stringify(parsed.resolved));
  } catch (error) {
    if (error.name !== "SetupError") throw error;
    console.log(JSON.stringify({ refused: error.message }));
  }
`;

/** A folder of its own, with these files; removed when it goes out of use. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "ackproof-config-"));

  constructor(files: Record<string, string> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/**
 * What `ackproof audit` makes of its arguments in a folder, and what is on its standard error. In
 * a Node of its own: a test runner loads modules its own way.
 */
export async function auditIn(folder: Folder, args: string[] = [], program = PROGRAM) {
  const { stdout, stderr } = await execa(
    process.execPath,
    ["--input-type=module", "--eval", program, "--", ...args],
    { cwd: folder.path, env: { PATH: process.env.PATH ?? "" }, extendEnv: false },
  );
  return { ...JSON.parse(stdout), stderr };
}
