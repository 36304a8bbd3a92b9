/**
 * A subject with a child of its own, which inherits all that it has: `family.ts parent 7` starts
 * one, does an effect named after its role, and exits with 7 once that is done, whatever its child
 * does. A held effect tells that a process lives; an abandoned one, that it is gone.
 */
import { spawn } from "node:child_process";

const [role = "parent", code = "0"] = process.argv.slice(2);

if (role === "parent")
  spawn(process.execPath, [import.meta.filename, "child"], { stdio: "inherit" });
await fetch(`${process.env.EFFECT_URL}/${role}`, { method: "POST" });
process.exit(Number(code));
