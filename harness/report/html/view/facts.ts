import type { Fact } from "../data.ts";

/** What a manifest says in its own place on the page. */
const ELSEWHERE = new Set(["title", "rerun", "broker", "audit"]);

const LABELS: Record<string, string> = {
  fault: "fault",
  moment: "at the moment",
  queueType: "type of queue",
  startedAt: "started at",
  node: "Node",
};

/** What an experiment was made of, by its manifest: the broker first, and how to run it again last. */
export function manifestFacts(manifest: Record<string, unknown>): Fact[] {
  const { rerun } = manifest;
  const settings = Object.entries(manifest).filter(([key]) => !ELSEWHERE.has(key));
  return [
    ...brokerFacts(manifest.broker),
    ...settings.map(([key, value]) => ({ label: LABELS[key] ?? key, value: textOf(value) })),
    ...again(rerun),
  ];
}

export function brokerFacts(broker: unknown): Fact[] {
  if (typeof broker !== "object" || broker === null) return [];
  const { version, image, url, digest } = broker as Record<string, unknown>;
  return [
    ...fact("RabbitMQ", version),
    ...fact("image", image),
    ...fact("image digest", digest),
    ...fact("broker", url),
  ];
}

export function settingFacts(settings: unknown): Fact[] {
  if (typeof settings !== "object" || settings === null) return [];
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([label, value]) => ({ label, value: textOf(value) }));
}

export function fact(label: string, value: unknown): Fact[] {
  return value === undefined || value === null ? [] : [{ label, value: textOf(value) }];
}

export function again(rerun: unknown): Fact[] {
  return typeof rerun === "string" ? [{ label: "run it again", value: rerun, command: true }] : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
