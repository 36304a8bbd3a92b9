/** Workers and probes that are not as the contract has them: what is said of each. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { badInput, program, refused, SUBJECTS } from "./bad-input.ts";

const place = badInput();
const SOON = ["--ready", "4s", "--patience", "1s"];
const CONTROL = ["--only", "control"];

test("a worker that speaks TLS is told not to", async () => {
  const { exitCode, stderr } = await place.onGiven(...SOON, ...program("odd/uses-tls.ts"));
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    /^audit: The worker speaks TLS to AMQP_URL, which is amqp:\/\/ and not amqps:\/\/\.\nLet it connect to AMQP_URL as it is: what goes through has to be read\.\nIt printed:\n {2}waiting for the broker: /,
  );
  expect(await place.queues()).toEqual([]);
});

test("a worker that connects elsewhere is not seen, and no task is lost by that", async () => {
  const worker = program("odd/connects-elsewhere.ts", place.url);
  expect(await place.onGiven(...SOON, ...worker)).toEqual(
    refused(
      "The worker did not connect to AMQP_URL within 4 s.\nLet it connect there, and nowhere else: what goes elsewhere is not seen.\nOne that takes longer to begin gets more time by --ready.\nIt printed:\n  consuming tasks",
    ),
  );
  expect(await place.queues()).toEqual([]);
});

test("a worker that ends at once is not waited for", async () => {
  // Far longer than the test may take: only its end can be what the audit has gone by.
  const times = ["--ready", "10m", "--patience", "10m"];
  const { exitCode, stderr } = await place.onGiven(
    ...times,
    ...program("odd/exits-at-once.ts", "7"),
  );
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^audit: The worker ended before it consumed \(exit code 7\)\./);
});

test("what a worker prints is no matter, whatever it is", async () => {
  const { exitCode, stdout } = await place.onGiven(...CONTROL, ...program("odd/prints-binary.ts"));
  expect(exitCode).toBe(0);
  expect(stdout).toContain("HELD: No task was lost or done twice");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds.
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test("a worker that is started by npm is signalled like any other", async () => {
  const worker = `node ${join(SUBJECTS, "amqplib/worker.ts")}`;
  const manifest = { name: "started-by-npm", scripts: { start: worker } };
  writeFileSync(join(place.folder, "package.json"), JSON.stringify(manifest));
  const only = ["--only", "SIGTERM, mid-task"];
  const { exitCode, stdout } = await place.onGiven(...only, "--", "npm", "start");
  expect(stdout).toContain("HELD: ");
  expect(exitCode).toBe(0);
});

test("a probe that fails is told with what it said, in lines", async () => {
  const failing = "echo 'ERROR: no table' >&2; echo 'LINE 1: select' >&2; exit 2";
  const junit = join(place.folder, "probe.xml");
  const settings = ["--effects", `probe:${failing}`, "--junit", junit];
  const { exitCode, stdout } = await place.onGiven(...settings, ...program("amqplib/worker.ts"));
  expect(exitCode).toBe(2);
  const lines = stdout.split("\n");
  expect(lines.find((line) => line.startsWith("INCONCLUSIVE: "))).toContain(
    `control: The probe failed with exit code 2: ${failing}`,
  );
  const said = ["It said:", "  ERROR: no table", "  LINE 1: select"];
  const live = lines.findIndex((line) => line.startsWith("? control"));
  expect(lines.slice(live + 1, live + 4)).toEqual(said.map((line) => `  ${line}`));
  const doubt = lines.findIndex((line) => line.startsWith("doubt "));
  expect(lines.slice(doubt + 1, doubt + 4)).toEqual(said.map((line) => " ".repeat(12) + line));
  expect(stdout).not.toContain("\\n");
});

test("a probe that takes its time is waited for", async () => {
  const done = join(place.folder, "done.log");
  const slow = `sleep 3; sort ${done} | uniq -c | awk '{ print $2, $1 }'`;
  const worker = ["--", "env", `EFFECT_LOG=${done}`, ...program("amqplib/worker.ts").slice(1)];
  const settings = [...CONTROL, "--duplicates", "allow", "--effects", `probe:${slow}`];
  const { exitCode, stdout } = await place.onGiven(...settings, ...worker);
  expect(stdout).toContain("HELD: No task was lost");
  expect(exitCode).toBe(0);
});

test("a probe that takes too long is killed, and nothing is proven", async () => {
  const { exitCode, stdout } = await place.onGiven(
    ...["--effects", "probe:sleep 600"],
    ...program("amqplib/worker.ts"),
  );
  const why = "The probe was not done after 30 s, and was killed: sleep 600";
  expect(stdout).toContain(`\n? control · 1 worker · ${why} · `);
  expect(stdout).toContain(`INCONCLUSIVE: Nothing is proven about`);
  expect(exitCode).toBe(2);
});
