import { relative, sep } from "node:path";
import type { Reporter, TestSpecification, Vitest } from "vitest/node";
import type { Shard, Share } from "../report/shard.ts";
import { ownVersion } from "../scenario/origin.ts";
import type { Plan } from "./run-tests.ts";

/** What a shard is to be. Its files, and those of the whole, are known once vitest has looked. */
export function shareOf({ projects, titles = "", image }: Plan, shard: Shard): Share {
  return {
    ...shard,
    of: { ackproof: ownVersion(), projects, titles, image, files: [] },
    files: [],
  };
}

/** Notes which files vitest really begins with: the split is its own. */
export function sharing(share: Share): Reporter {
  return {
    onTestRunStart: (specifications) => {
      share.files = pathsOf(specifications);
    },
  };
}

/** Every file that would be run without the split. */
export async function wholeOf(vitest: Vitest, files: string[]): Promise<string[]> {
  return pathsOf(await vitest.getRelevantTestSpecifications(files));
}

/** There are more shards than files. To vitest, that is an error. */
export function nothingFellTo(share: Share | undefined, error: unknown): boolean {
  const isEmpty = share !== undefined && share.files.length === 0 && share.of.files.length > 0;
  return isEmpty && (error as { code?: unknown }).code === "VITEST_FILES_NOT_FOUND";
}

function pathsOf(specifications: readonly TestSpecification[]): string[] {
  const paths = specifications.map(({ moduleId, project }) => {
    const root = project.vitest.config.root;
    return relative(root, moduleId).split(sep).join("/");
  });
  return [...new Set(paths)].sort();
}
