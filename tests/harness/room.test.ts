import { expect, test } from "vitest";
import { lackFor, NODE_DISK, NODE_MEMORY } from "../../harness/broker/room.ts";

const PLENTY = { memory: 3 * NODE_MEMORY, disk: 3 * NODE_DISK };

test("a machine with just enough has room", () => {
  expect(lackFor(3, PLENTY)).toBeUndefined();
});

test.each([
  [{ ...PLENTY, memory: 700e6 }, "memory (700 MB of 750 MB)"],
  [{ ...PLENTY, disk: 40e6 }, "disk space (40 MB of 900 MB)"],
  [{ memory: 0, disk: 0 }, "memory (0 MB of 750 MB), and too little disk space (0 MB of 900 MB)"],
])("what is missing is said, and how much: %j", (room, lack) => {
  const remedy = "for a cluster of 3 nodes: free some where the containers run";
  expect(lackFor(3, room)).toBe(`There is too little ${lack} ${remedy}`);
});
