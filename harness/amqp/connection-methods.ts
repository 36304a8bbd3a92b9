import type { Decoders } from "./methods.ts";
import { readTable, type Value } from "./table.ts";

/** Class 10. Credentials are skipped unread: nothing here can hold a password. */
export type ConnectionMethod =
  /** The broker introduces itself. */
  | { name: "connection.start"; product: string | null; version: string | null }
  /** The client introduces itself. */
  | {
      name: "connection.start-ok";
      product: string | null;
      version: string | null;
      /** The name that the client gave this connection. */
      connectionName: string | null;
      /** How the client logs in, such as PLAIN. */
      mechanism: string;
    }
  | {
      name: "connection.tune-ok";
      channelMax: number;
      /** Bytes; 0 is no limit. */
      frameMax: number;
      /** Seconds; 0 is none. */
      heartbeat: number;
    }
  | { name: "connection.open"; vhost: string }
  | { name: "connection.open-ok" }
  | { name: "connection.close"; code: number; text: string }
  | { name: "connection.close-ok" }
  | { name: "connection.blocked"; reason: string }
  | { name: "connection.unblocked" };

/** Fields are read in wire order: in an object literal, in the order of its keys. */
export const connectionDecoders: Decoders<ConnectionMethod> = {
  "connection.start": (fields) => {
    fields.skip(2); // protocol version
    const { product, version } = readTable(fields);
    fields.skipLongString(); // mechanisms
    fields.skipLongString(); // locales
    return { name: "connection.start", product: text(product), version: text(version) };
  },
  "connection.start-ok": (fields) => {
    const properties = readTable(fields);
    const mechanism = fields.shortString();
    fields.skipLongString(); // the response: a password
    fields.skipShortString(); // locale
    return {
      name: "connection.start-ok",
      product: text(properties.product),
      version: text(properties.version),
      connectionName: text(properties.connection_name),
      mechanism,
    };
  },
  "connection.tune-ok": (fields) => ({
    name: "connection.tune-ok",
    channelMax: fields.short(),
    frameMax: fields.long(),
    heartbeat: fields.short(),
  }),
  "connection.open": (fields) => {
    const vhost = fields.shortString();
    fields.skipShortString(); // reserved
    fields.skip(1); // reserved
    return { name: "connection.open", vhost };
  },
  "connection.open-ok": (fields) => {
    fields.skipShortString(); // reserved
    return { name: "connection.open-ok" };
  },
  "connection.close": (fields) => {
    const code = fields.short();
    const reason = fields.shortString();
    fields.skip(4); // the method that caused it
    return { name: "connection.close", code, text: reason };
  },
  "connection.close-ok": () => ({ name: "connection.close-ok" }),
  "connection.blocked": (fields) => ({ name: "connection.blocked", reason: fields.shortString() }),
  "connection.unblocked": () => ({ name: "connection.unblocked" }),
};

function text(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}
