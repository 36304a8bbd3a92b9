import { execa } from "execa";
import type { Engine } from "./engine.ts";
import { ask, call, EngineRefusal, progress } from "./engine-api.ts";
import { ToolFailure } from "./tool.ts";

/**
 * Builds the Dockerfile of a folder, on the host's network, by the builder that every engine has.
 *
 * @param query more of the build API's parameters: `buildargs`, `labels`, `t` (the name).
 * @returns the id of the image, and what the build's commands wrote.
 * @throws {ToolFailure} with the output when a command of the Dockerfile fails.
 */
export async function runDockerfile(
  engine: Engine,
  folder: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<{ image: string; output: string }> {
  const { stdout } = await execa("tar", ["-C", folder, "-c", "Dockerfile"], { encoding: "buffer" });
  const build = progress(engine.endpoint, "/build", {
    query: { version: "1", networkmode: "host", rm: "1", forcerm: "1", ...query },
    body: Buffer.from(stdout),
    signal,
  });
  let output = "";
  let image: string | undefined;
  try {
    for await (const { stream, aux } of build) {
      output += stream ?? "";
      image = aux?.ID ?? image;
    }
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    // The engine quotes the whole command, which says less than what the command wrote.
    const code = /returned a non-zero code: (\d+)$/.exec(error.message)?.[1];
    const message = code ? `a command of the Dockerfile ended with ${code}` : error.message;
    throw new ToolFailure(message, output);
  }
  if (image === undefined) throw new Error("The engine did not say which image it built");
  return { image, output };
}

/** Removes images that have no name, are not in use, and pass the engine's filters. */
export async function pruneNameless(
  { endpoint }: Engine,
  filters: Record<string, string[]>,
): Promise<void> {
  const query = { filters: JSON.stringify({ dangling: ["true"], ...filters }) };
  await ask(endpoint, "/images/prune", { method: "POST", query });
}

/** Removes all containers, then all images, that carry a label. */
export async function removeLabelled({ endpoint }: Engine, label: string): Promise<void> {
  const query = { all: "1", filters: JSON.stringify({ label: [label] }) };
  const containers = await ask<{ Id: string }[]>(endpoint, "/containers/json", { query });
  for (const { Id } of containers) {
    const force = { force: "1", v: "1" };
    await call(endpoint, `/containers/${Id}`, { method: "DELETE", query: force });
  }
  for (;;) {
    const images = await ask<{ Id: string; ParentId: string }[]>(endpoint, "/images/json", {
      query,
    });
    // An image goes before the one that it was made from.
    const leaf = images.find(({ Id }) => !images.some(({ ParentId }) => ParentId === Id));
    if (!leaf) return;
    await call(endpoint, `/images/${leaf.Id}`, { method: "DELETE", query: { force: "1" } });
  }
}
