import type { Decoders } from "./methods.ts";

/** What changes a channel as a whole: classes channel (20), confirm (85) and tx (90). */
export type ChannelMethod =
  | { name: "channel.open" }
  | { name: "channel.open-ok" }
  | { name: "channel.close"; code: number; text: string }
  | { name: "channel.close-ok" }
  | { name: "confirm.select"; nowait: boolean }
  | { name: "confirm.select-ok" }
  | { name: "tx.select" }
  | { name: "tx.commit" }
  | { name: "tx.rollback" };

export const channelDecoders: Decoders<ChannelMethod> = {
  "channel.open": (fields) => {
    fields.skipShortString(); // reserved
    return { name: "channel.open" };
  },
  "channel.open-ok": (fields) => {
    fields.skipLongString(); // reserved
    return { name: "channel.open-ok" };
  },
  "channel.close": (fields) => {
    const code = fields.short();
    const text = fields.shortString();
    fields.skip(4); // the method that caused it
    return { name: "channel.close", code, text };
  },
  "channel.close-ok": () => ({ name: "channel.close-ok" }),
  "confirm.select": (fields) => ({ name: "confirm.select", nowait: (fields.octet() & 1) !== 0 }),
  "confirm.select-ok": () => ({ name: "confirm.select-ok" }),
  "tx.select": () => ({ name: "tx.select" }),
  "tx.commit": () => ({ name: "tx.commit" }),
  "tx.rollback": () => ({ name: "tx.rollback" }),
};
