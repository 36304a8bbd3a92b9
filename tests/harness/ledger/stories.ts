import { type Story, story } from "./history-builder.ts";

/** The smallest history of each fate, and of two contradictions. They are saved as fixtures. */
export const SAVED: Record<string, () => Story> = {
  completed: () => story().stores("a").works("worker-1", "a").drains(),

  duplicated: () =>
    story()
      .stores("a")
      .delivers("a", "worker-1")
      .does("worker-1", "a")
      .injects("connection-reset", "worker-1")
      .hangsUp("worker-1", { by: "link" })
      .witnesses("connection-reset")
      .delivers("a", "worker-1", { redelivered: true })
      .does("worker-1", "a")
      .acks("worker-1", "a")
      .drains(),

  parked: () =>
    story()
      .declares("failed", { role: "parking" })
      .stores("a")
      .delivers("a", "worker-1")
      .rejects("worker-1", "a")
      .drains("tasks")
      .drains("failed", "a"),

  discarded: () =>
    story()
      .declares("short-lived", { discards: ["ttl"] })
      .publishes("a", { routingKey: "short-lived" })
      .confirms("a")
      .drains("tasks")
      .drains("short-lived"),

  remaining: () => story().stores("a").drains("tasks", "a"),

  lost: () =>
    story()
      .stores("a")
      .starts("worker-1")
      .delivers("a", "worker-1")
      .asks("worker-1", "a")
      .acks("worker-1", "a")
      .injects("worker-kill", "worker-1", "after-ack", "a")
      .dies("worker-1")
      .abandons("worker-1", "a")
      .hangsUp("worker-1")
      .witnesses("worker-kill")
      .drains(),

  unexpected: () => story().stores("a").works("worker-1", "a", "stale").drains(),

  recovered: () => story().publishes("a").works("worker-1", "a").drains(),

  "drained-yet-acked": () => story().stores("a").works("worker-1", "a").drains("tasks", "a"),

  "cut-out-of-the-middle": () => {
    const whole = story().stores("a").works("worker-1", "a").drains();
    whole.events.splice(3, 2);
    return whole;
  },
};
