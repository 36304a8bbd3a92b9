import type { Leaders } from "../broker/cluster.ts";

/** What has become of the queues that a node led, in words. */
export function ledNow(node: string, before: Leaders, after: Leaders): string[] {
  const led = [...before].filter(([, leader]) => leader === node);
  return led.map(([queue]) => {
    const now = after.get(queue);
    if (now === undefined) return `nobody leads ${queue} now, which it led`;
    return now === node ? `${queue} stays with it` : `${now} leads ${queue} now, which it led`;
  });
}
