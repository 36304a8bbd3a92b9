import type { FaultName } from "../history/event.ts";
import type { Injection } from "./injections.ts";

/**
 * Why the witnesses' events say that a fault did not do what its name says; empty where it did. A
 * saved run may be of another version, which knew other faults.
 */
export function landed(one: Injection): string[] {
  const judge = LANDED[one.injected.fault] as ((one: Injection) => string[]) | undefined;
  return judge?.(one) ?? [`${titled(one)}: nobody here knows such a fault.`];
}

const LANDED: Record<FaultName, (one: Injection) => string[]> = {
  "worker-kill": (one) => [...killed(one), ...idle(one)],
  "producer-kill": (one) => killed(one),
  "worker-term": (one) => signalled(one, "SIGTERM"),
  "worker-pause": (one) => signalled(one, "SIGSTOP", "SIGCONT"),
  "connection-reset": (one) => brokenOff(one),
  "connection-close": (one) => brokenOff(one),
  "torn-frame": (one) => brokenOff(one),
  "cut-after": (one) => [...struck(one), ...brokenOff(one)],
  "connection-refusal": (one) => struck(one),
  "half-open": (one) => struck(one),
  stall: (one) => struck(one),
  latency: (one) => struck(one),
  bandwidth: (one) => struck(one),
  "broker-kill": (one) => brokerKilled(one),
  "broker-stop": (one) => brokerStopped(one),
  "broker-pause": (one) =>
    one.paused ? [] : [`${titled(one)}: the broker was not paused after it.`],
  "early-ack": (one) =>
    one.forged ? [] : [`${titled(one)}: no ack was forged in the place of ${one.injected.target}.`],
  "channel-closure": (one) => channelClosed(one),
  "consumer-timeout": (one) => timedOut(one),
  // No event of the wire tells of these: their witness is all there is, and it is asked for anyway.
  "memory-alarm": () => [],
  "disk-alarm": () => [],
  "connection-closure": () => [],
  "queue-crash": () => [],
  "queue-deletion": () => [],
  "power-cut": (one) => brokerKilled(one),
  upgrade: (one) => upgraded(one),
  "node-stop": (one) => brokerStopped(one),
  "node-kill": (one) => brokerKilled(one),
  partition: () => [],
};

function killed(one: Injection): string[] {
  const { exit, injected } = one;
  if (exit === null) return [`${titled(one)}: ${injected.target} never exited after it.`];
  if (exit.signal === "SIGKILL") return [];
  const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal;
  return [`${titled(one)}: ${injected.target} ended by ${how}, not by SIGKILL.`];
}

function brokenOff(one: Injection): string[] {
  if (one.cut) return [];
  return [`${titled(one)}: no connection of ${one.injected.target} was cut after it.`];
}

function struck(one: Injection): string[] {
  if (one.struck) return [];
  return [`${titled(one)}: nothing of ${one.injected.target} passed while it lasted.`];
}

/** It had a process, which was then sent these signals. */
function signalled(one: Injection, ...signals: string[]): string[] {
  const { target } = one.injected;
  if (!one.wasRunning) return [`${titled(one)}: ${target} was not running.`];
  const missing = signals.filter((signal) => !one.signals.includes(signal));
  if (missing.length === 0) return [];
  return [`${titled(one)}: ${target} was not sent ${missing.join(" or ")} after it.`];
}

function channelClosed(one: Injection): string[] {
  if (one.taken.some(({ type }) => type === "channel-closed")) return [];
  return [`${titled(one)}: the broker closed no channel of ${one.injected.target} after it.`];
}

/** Before 4.3 the broker closes the channel, and says why; from then on it cancels the consumer. */
function timedOut(one: Injection): string[] {
  const isTimeout = one.taken.some(
    (event) =>
      event.type === "consumer-cancelled" || (event.code === 406 && TIMED_OUT.test(event.text)),
  );
  if (isTimeout) return [];
  return [
    `${titled(one)}: the broker took no channel or consumer of ${one.injected.target} for its timeout after it.`,
  ];
}

const TIMED_OUT = /time[d ]?\s?out/i;

/** A named moment proves more than this; "now" could hit a worker that has nothing to lose. */
function idle(one: Injection): string[] {
  if (one.injected.moment !== "now" || one.wasBusy) return [];
  return [
    `${titled(one)}: ${one.injected.target} had no task in hand, so there was nothing to lose.`,
  ];
}

function brokerStopped(one: Injection): string[] {
  return one.down?.clean ? [] : [`${titled(one)}: ${victim(one)} did not stop cleanly after it.`];
}

function brokerKilled(one: Injection): string[] {
  if (one.down === null) return [`${titled(one)}: ${victim(one)} never went down after it.`];
  if (one.down.exitCode !== 137) {
    return [
      `${titled(one)}: ${victim(one)} ended by exit code ${one.down.exitCode}, not 137 (SIGKILL).`,
    ];
  }
  return notReborn(one);
}

/** Either it came back as another version, or another version ended before it was up. */
function upgraded(one: Injection): string[] {
  const wrong = [...brokerStopped(one), ...notReborn(one)];
  if (wrong.length > 0) return wrong.slice(0, 1);
  if (one.up?.version !== one.was || one.failedToBoot) return [];
  return [`${titled(one)}: ${victim(one)} was RabbitMQ ${one.was} before it, and still is.`];
}

/** It is not up again, or not in another life. */
function notReborn(one: Injection): string[] {
  const { down, up } = one;
  if (up === null) return [`${titled(one)}: ${victim(one)} never came back after it.`];
  if (up.boot !== down?.boot) return [];
  return [`${titled(one)}: ${victim(one)} came back as the one that went down (boot ${up.boot}).`];
}

/** The broker, or one of its nodes. */
function victim({ injected: { target } }: Injection): string {
  return target === "broker" ? "the broker" : target;
}

export function named({ injected: { injection, fault, target } }: Injection): string {
  return `fault ${injection} (${fault} of ${target})`;
}

export function titled(one: Injection): string {
  return `F${named(one).slice(1)}`;
}
