import { describe, expect, test } from "vitest";
import {
  bootstrapArguments,
  debianImage,
  recipeDigest,
} from "../../../harness/broker/debian-recipe.ts";
import { byVersion, chooseImage } from "../../../harness/broker/image.ts";
import { splitReference } from "../../../harness/broker/image-setup.ts";

const here = (...names: string[]) => ({
  wanted: undefined,
  wantedPresent: false,
  prepared: names.map((name) => ({ name, version: undefined })),
});
const everything = ["ackproof/rabbitmq:bookworm", "ackproof/rabbitmq:sid", "rabbitmq:4.3"];

describe("the image that is used", () => {
  test("is the one that was asked for, before all others", () => {
    const facts = { ...here(...everything), wanted: "mine:1", wantedPresent: true };
    expect(chooseImage(facts)).toEqual({ use: "mine:1" });
  });

  test("is never another than the one that was asked for", () => {
    const facts = { ...here(...everything), wanted: "mine:1" };
    expect(chooseImage(facts)).toEqual({ fetch: "mine:1" });
  });

  test("is the official one before the built one", () => {
    expect(chooseImage(here(...everything))).toEqual({ use: "rabbitmq:4.3" });
  });

  test("is the newest built one before older ones", () => {
    expect(chooseImage(here("rabbitmq:4.2", "ackproof/rabbitmq:sid", "rabbitmq:3.13"))).toEqual({
      use: "ackproof/rabbitmq:sid",
    });
  });

  test("is the newest of whatever is here", () => {
    expect(chooseImage(here("rabbitmq:3.13", "rabbitmq:4.2"))).toEqual({ use: "rabbitmq:4.2" });
  });

  test("has to be obtained where there is none", () => {
    expect(chooseImage(here())).toEqual({ obtain: "any" });
  });
});

test("versions are ordered as numbers", () => {
  const versions = ["4.10.0", "3.10.8", undefined, "4.3.6"];
  const sorted = versions.map((version) => ({ name: "", version })).sort(byVersion);
  expect(sorted.map(({ version }) => version)).toEqual([undefined, "3.10.8", "4.3.6", "4.10.0"]);
});

describe("an image's reference", () => {
  test.each([
    ["rabbitmq:4.3", "rabbitmq", "4.3"],
    ["rabbitmq", "rabbitmq", "latest"],
    ["registry.example:5000/team/rabbitmq", "registry.example:5000/team/rabbitmq", "latest"],
    ["registry.example:5000/rabbitmq:4", "registry.example:5000/rabbitmq", "4"],
    ["rabbitmq@sha256:abc", "rabbitmq", "sha256:abc"],
  ])("%s is split into name and tag", (name, fromImage, tag) => {
    expect(splitReference(name)).toEqual({ fromImage, tag });
  });
});

describe("the recipe", () => {
  test("names its images by their suite", () => {
    expect(debianImage("sid")).toBe("ackproof/rabbitmq:sid");
  });

  test("names no mirror where the host has none", () => {
    expect(bootstrapArguments("sid", "/r", undefined)).toEqual(["--variant=minbase", "sid", "/r"]);
  });

  test("brings certificates for an encrypted mirror", () => {
    expect(bootstrapArguments("sid", "/r", "https://m.example/debian")).toEqual([
      "--variant=minbase",
      "--include=ca-certificates",
      "sid",
      "/r",
      "https://m.example/debian",
    ]);
  });

  test("has one digest, the same each time", async () => {
    expect(await recipeDigest()).toMatch(/^[0-9a-f]{64}$/);
    expect(await recipeDigest()).toBe(await recipeDigest());
  });
});
