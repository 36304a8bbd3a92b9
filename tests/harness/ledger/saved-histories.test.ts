import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { readHistory, readVerdict } from "./saved-histories.ts";

const NAMES = readdirSync(new URL("../../../fixtures/histories/", import.meta.url))
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.replace(/\.ndjson$/, ""));

describe("A saved history", () => {
  it.each(NAMES)("is judged again as it was: %s", (name) => {
    expect(judge(readHistory(name))).toEqual(readVerdict(name));
  });

  it("is there for each fate and each outcome", () => {
    const verdicts = NAMES.map(readVerdict);
    const fates = Object.keys(verdicts[0]?.fates ?? {});
    const seen = fates.filter((fate) =>
      verdicts.some((verdict) => verdict.fates[fate as keyof typeof verdict.fates].length > 0),
    );
    expect(seen).toEqual(fates);
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(
      new Set(["held", "broken", "inconclusive"]),
    );
  });
});
