import { expect, test } from "vitest";
import { guaranteeDocument } from "../../../harness/report/document.ts";
import { provenVersions, unprovenLine } from "../../../harness/report/document-versions.ts";
import { onVersion } from "./specs.ts";

const specs = ["4.3.6", "3.10.8"].flatMap((version) => onVersion(version));
const about = { date: "2026-01-31", node: "24.1.0", amqplib: "2.3.1", articles: [] };
const document = guaranteeDocument(specs, about);

test("a document tells what it was proven on", () => {
  expect(provenVersions(document)).toEqual(["3.10.8", "4.3.6"]);
});

test("a version that it does not know is named", () => {
  expect(unprovenLine(["4.1.2", "4.3.6"], document)).toBe(
    "tests/GUARANTEES.md was proven on RabbitMQ 3.10.8 and 4.3.6, and not on 4.1.2. " +
      "What the specs expect of a version there is a guess.",
  );
});

test("nothing is said of a patch release, nor of a version where there is no document", () => {
  expect(unprovenLine(["4.3.9", "3.10.8"], document)).toBeUndefined();
  expect(unprovenLine(["4.3.6"], "")).toBeUndefined();
});

test("3.1 is not taken for 3.10", () => {
  expect(unprovenLine(["3.1.5"], document)).toContain("not on 3.1.5");
});
