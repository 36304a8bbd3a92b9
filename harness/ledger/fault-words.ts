import { EVERYONE, type EventOf, type FaultName } from "../history/event.ts";

/** What a fault did, in a clause after "after"; `whose` is "its", or the name of another target. */
const WORDS: Record<FaultName, (whose: string) => string> = {
  "worker-kill": (whose) => `${who(whose)} was killed`,
  "producer-kill": (whose) => `${who(whose)} was killed`,
  "worker-term": (whose) => `${who(whose)} was asked to end (SIGTERM)`,
  "worker-pause": (whose) => `${who(whose)} was stopped past its heartbeat and continued`,
  "connection-reset": (whose) => `${whose} connection was reset`,
  "connection-close": (whose) => `${whose} connection ended without a farewell`,
  "torn-frame": (whose) => `${whose} connection broke within a frame`,
  "connection-refusal": (whose) => `${whose} connections were refused`,
  "half-open": (whose) => `${whose} connection went dead without a word (half-open)`,
  stall: (whose) => `${whose} connection stood still`,
  latency: (whose) => `${whose} connection became slow`,
  bandwidth: (whose) => `${whose} connection became narrow`,
  "cut-after": (whose) => `${whose} connection was cut`,
  "early-ack": (whose) => `an ack was forged in ${whose} place`,
  "connection-closure": (whose) => `the broker closed ${whose} connection`,
  "channel-closure": (whose) => `the broker closed ${whose} channel`,
  "consumer-timeout": (whose) => `the broker's consumer timeout struck ${whose} consumer`,
  "queue-crash": () => "the queue crashed",
  "queue-deletion": () => "the queue was deleted, which cancels its consumers",
  "memory-alarm": () => "the broker's memory alarm",
  "disk-alarm": () => "the broker's disk alarm",
  "broker-stop": () => "the broker was stopped in order",
  "broker-kill": () => "the broker was killed",
  "broker-pause": () => "the broker stood still",
  "power-cut": () => "the broker lost its power",
  upgrade: () => "the broker was upgraded",
  "node-stop": () => "a node of the broker was stopped",
  "node-kill": () => "a node of the broker was killed",
  partition: () => "the broker's nodes were cut off from each other",
};

/** The fault, as it concerns a subject: `its connection was reset`. */
export function inWords({ fault, target }: EventOf<"fault-injected">, subject: string): string {
  const whose = target === subject || target === EVERYONE ? "its" : `${target}'s`;
  return WORDS[fault]?.(whose) ?? fault;
}

function who(whose: string): string {
  return whose === "its" ? "it" : whose.slice(0, -2);
}
