/** A config of each kind, as Node loads it, in packages of each kind. */
import { describe, expect, test } from "vitest";
import { auditIn, Folder } from "./config-in-node.ts";

const NONE = {};
const PACKAGES = [
  ["no package.json", NONE],
  ["a package of no type", { "package.json": "{}" }],
  ["a package of type commonjs", { "package.json": '{ "type": "commonjs" }' }],
  ["a package of type module", { "package.json": '{ "type": "module" }' }],
] as const;
const SATISFIES = `interface Local { tasks: number }
const tasks: Local["tasks"] = 7;
export default { command: "./worker", tasks } satisfies import("ackproof").AuditConfig;`;

describe.each(PACKAGES)("in %s", (_, files) => {
  test("a config in TypeScript is loaded, and nothing warns", async () => {
    using folder = new Folder({ ...files, "ackproof.config.ts": SATISFIES });
    const { options, config, stderr } = await auditIn(folder);
    expect(options).toMatchObject({ command: ["./worker"], tasks: 7 });
    expect([config, stderr]).toEqual(["ackproof.config.ts", ""]);
  });
});

describe("a config is found by itself", () => {
  test.each([
    ["ackproof.config.mts", SATISFIES],
    ["ackproof.config.mjs", 'export default { command: "./worker", tasks: 7 };'],
    ["ackproof.config.js", 'module.exports = { command: "./worker", tasks: 7 };'],
    ["ackproof.config.json", '{ "command": "./worker", "tasks": 7 }'],
  ])("as %s", async (name, text) => {
    using folder = new Folder({ [name]: text });
    const { options, config } = await auditIn(folder);
    expect([options.tasks, config]).toEqual([7, name]);
  });
});

test("a named config comes before the one that is found", async () => {
  using folder = new Folder({ "ackproof.config.ts": SATISFIES, "ci/other.mts": SATISFIES });
  folder.write("ci/other.mts", SATISFIES.replace("7", "8"));
  const { options, config } = await auditIn(folder, ["--config", "ci/other.mts"]);
  expect([options.tasks, config]).toEqual([8, "ci/other.mts"]);
});

test("a config may be made by defineConfig, where ackproof is installed", async () => {
  using folder = new Folder({
    "ackproof.config.ts": `import { defineConfig } from "ackproof";
      export default defineConfig({ command: "./worker", tasks: 7 });`,
    "node_modules/ackproof/package.json": '{ "type": "module", "exports": "./index.js" }',
    "node_modules/ackproof/index.js": "export const defineConfig = (config) => config;",
  });
  expect((await auditIn(folder)).options.tasks).toBe(7);
});

describe("a config that can't be loaded says why", () => {
  test.each([
    [
      "ackproof.config.ts",
      'import { defineConfig } from "ackproof";\nexport default defineConfig({});',
      "ackproof.config.ts can't be loaded: it imports ackproof, which is not installed here. " +
        'Install it, or write `export default { ... } satisfies import("ackproof").AuditConfig`, ' +
        "which imports nothing.",
    ],
    [
      "ackproof.config.ts",
      "enum Much { More }\nexport default {};",
      /^ackproof\.config\.ts can't be loaded: .*enum.*\. Node only erases types: write no enums, /,
    ],
    [
      "ackproof.config.mjs",
      "export const tasks = 5;",
      "ackproof.config.mjs exports no config: write `export default { ... }`.",
    ],
    [
      "ackproof.config.mjs",
      'throw new Error("No luck.");',
      "ackproof.config.mjs can't be loaded: No luck.",
    ],
    [
      "ackproof.config.json",
      "{ tasks }",
      /^ackproof\.config\.json can't be read: Expected property/,
    ],
  ])("%s: %j", async (name, text, message) => {
    using folder = new Folder({ [name]: text });
    const { refused } = await auditIn(folder, ["--", "./worker"]);
    if (typeof message === "string") expect(refused).toBe(message);
    else expect(refused).toMatch(message);
  });

  test("of another kind of file", async () => {
    using folder = new Folder({ "audit.yaml": "tasks: 5" });
    const { refused } = await auditIn(folder, ["--config", "audit.yaml", "--", "./worker"]);
    expect(refused).toBe("--config is a .ts, .mts, .js, .mjs or .json file, not audit.yaml.");
  });
});
