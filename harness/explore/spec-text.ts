import type { Fates } from "../ledger/account.ts";
import type { Accusation } from "./model/accusation.ts";
import type { Command, Plan, Terms } from "./plan/command.ts";

/** What a spec is made of. */
export interface Told {
  plan: Plan;
  accusations: readonly Accusation[];
  /** What the run's account said, where there was one. */
  fates: Partial<Fates>;
}

const VITEST = JSON.stringify("vitest");
const OURS = JSON.stringify("../../harness/vitest.ts");

/** A find as a spec in the suite's own verbs, ready to be pasted under `tests/findings`. */
export function specText({ plan, accusations, fates }: Told): string {
  const [first] = accusations;
  const found = Object.entries(fates).filter(([, tasks]) => tasks.length > 0);
  const [type] = plan.flatMap((command) => (command.do === "declare" ? [command.terms.type] : []));
  const body = [
    ...plan.flatMap(lines),
    `expect(await rig.fates()).toEqual(${JSON.stringify(Object.fromEntries(found))});`,
  ];
  return `/** Found by \`ackproof explore\`: ${first?.sentence ?? "nothing"} */
import { expect } from ${VITEST};
import { finding } from ${OURS};

finding(
  ${JSON.stringify(first?.sentence ?? "nothing")},
  { docs: ${JSON.stringify(first?.docs ?? "observed")}, fault: ${JSON.stringify(faultOf(plan))}, queues: [${JSON.stringify(type ?? "classic")}] },
  async ({ rig }) => {
${body.map((line) => `    ${line}`).join("\n")}
  },
);
`;
}

const FAULT_OF = {
  reset: "connection-reset",
  close: "connection-close",
  "half-open": "half-open",
  stall: "stall",
  restart: "broker-stop",
  kill: "broker-kill",
  pause: "broker-pause",
  "power-cut": "power-cut",
} as const;

/** The last fault: a spec names one. */
function faultOf(plan: Plan): string {
  const last = plan.findLast(({ do: what }) =>
    ["kill", "network", "broker", "delete"].includes(what),
  );
  if (last?.do === "kill") return "worker-kill";
  if (last?.do === "delete") return "queue-deletion";
  return last?.do === "network" || last?.do === "broker" ? FAULT_OF[last.harm] : "none";
}

function lines(command: Command): string[] {
  switch (command.do) {
    case "declare":
      return [`await rig.declare("tasks", ${declaration(command.terms)});`];
    case "declare-dead":
      return [`await rig.declare("dead", { type: "${command.type}", role: "parking" });`];
    case "delete":
      return [`await rig.broker.deleteQueue("${command.queue}");`];
    case "publish": {
      const { do: _, count, batch, mandatory, priority, ...how } = command;
      const properties = { mandatory, ...(priority === undefined ? {} : { priority }) };
      const publish = (size: number) =>
        `await rig.publish(${size}, ${JSON.stringify({ ...how, properties })});`;
      const whole = Math.floor(count / batch);
      const rest = count % batch;
      const all = whole > 1 ? [`for (let n = 0; n < ${whole}; n++) ${publish(batch)}`] : [];
      return [
        ...all,
        ...(whole === 1 ? [publish(batch)] : []),
        ...(rest > 0 ? [publish(rest)] : []),
      ];
    }
    case "start":
      return [`await rig.worker("${command.who}", { prefetch: ${command.prefetch} });`];
    case "consume": {
      const { who, prefetch, noAck } = command;
      return [
        `const ${who} = await rig.consumer("${who}", { prefetch: ${prefetch}, noAck: ${noAck} });`,
      ];
    }
    case "answer":
      return answering(command);
    case "stop":
      return command.who.startsWith("c")
        ? [`await ${command.who}.channel.close();`]
        : [`await rig.subject("${command.who}").stop();`];
    case "kill":
      return [`await rig.kill("${command.who}", { at: "${command.at}" });`];
    case "network":
      return [`await rig.network.${VERBS[command.harm]}("${command.who}");`];
    case "broker":
      return brokerLines(command.harm);
    case "open":
      return ["rig.open();"];
    case "heal":
      return ["rig.network.unblock();", "await rig.broker.heal();"];
    case "wait":
      return [
        `await rig.until("a task to be ${command.until}", () => rig.history.events.some(({ type }) => type === "${
          command.until === "delivered" ? "delivered" : "effect-done"
        }"));`,
      ];
  }
}

const VERBS = { reset: "reset", close: "close", "half-open": "halfOpen", stall: "stall" } as const;

function answering({ who, how, count }: Extract<Command, { do: "answer" }>): string[] {
  const act =
    how === "ack"
      ? `await ${who}.done(task);`
      : `${who}.reject(task, { requeue: ${how === "requeue"} });`;
  return [
    `await ${who}.take(${count});`,
    `for (const task of rig.seen.unackedBy("${who}").slice(0, ${count})) ${act}`,
  ];
}

function brokerLines(harm: Extract<Command, { do: "broker" }>["harm"]): string[] {
  if (harm === "pause") return ["await rig.broker.pause();"];
  const strike = {
    restart: 'restart("graceful")',
    kill: 'restart("SIGKILL")',
    "power-cut": 'cutPower("flushed")',
  };
  return ["await rig.registered();", `await rig.broker.${strike[harm]};`];
}

function declaration({
  type,
  durable,
  maxLength,
  overflow,
  ttl,
  deadLetters,
  maxPriority,
}: Terms): string {
  const given = {
    ...(maxLength === undefined ? {} : { "x-max-length": maxLength }),
    ...(overflow === undefined ? {} : { "x-overflow": overflow }),
    ...(ttl === undefined ? {} : { "x-message-ttl": ttl }),
    ...(deadLetters ? { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead" } : {}),
    ...(maxPriority === undefined ? {} : { "x-max-priority": maxPriority }),
  };
  const discards = [
    ...(maxLength === undefined ? [] : ["length-limit"]),
    ...(ttl === undefined ? [] : ["ttl"]),
  ];
  return JSON.stringify({
    type,
    durable,
    ...(Object.keys(given).length > 0 ? { arguments: given } : {}),
    ...(discards.length > 0 ? { discards } : {}),
  });
}
