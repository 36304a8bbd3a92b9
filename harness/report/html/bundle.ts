import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { IS_PACKAGE } from "../../command-line.ts";

/** The page's program and its style, each as one text. */
export interface Bundle {
  script: string;
  style: string;
}

/** Where the package has them: `npm run build` writes them there. */
const BUILT = join(import.meta.dirname, "page", "bundle.json");

let bundle: Bundle | undefined;

/** What every report is made with. From source it is bundled once for each process. */
export function pageBundle(): Bundle {
  bundle ??= IS_PACKAGE ? JSON.parse(readFileSync(BUILT, "utf8")) : bundled();
  return bundle as Bundle;
}

/** Only the repository has esbuild; the package needs none. */
interface Esbuild {
  buildSync(options: object): { outputFiles: { path: string; text: string }[] };
}

function bundled(): Bundle {
  const { buildSync } = createRequire(import.meta.url)("esbuild") as Esbuild;
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, "page", "main.tsx")],
    outdir: "unused", // Nothing is written: a script and a style need names of their own.
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: textOf(".js"), style: textOf(".css") };
}

/** `node harness/report/html/bundle.ts <folder>`: writes what the package is to have. */
if (import.meta.main && process.argv[2] !== undefined) {
  const file = join(process.argv[2], "page", "bundle.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(bundled()));
}
