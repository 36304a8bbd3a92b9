import { type BasicMethod, basicDecoders } from "./basic-methods.ts";
import { type ChannelMethod, channelDecoders } from "./channel-methods.ts";
import { type ConnectionMethod, connectionDecoders } from "./connection-methods.ts";
import { FieldReader } from "./field-reader.ts";
import { METHOD_IDS, methodId } from "./method-ids.ts";

/** A method that the harness observes, by its AMQP name, or `other` for the rest. */
export type Method = ObservedMethod | { name: "other"; classId: number; methodId: number };

export type MethodName = ObservedMethod["name"];

/** The method of one name. */
export type MethodOf<N extends Method["name"]> = Extract<Method, { name: N }>;

type ObservedMethod = ConnectionMethod | ChannelMethod | BasicMethod;

/** For each method, how to read its fields. A decoder reads every field, needed or not. */
export type Decoders<M extends { name: string }> = {
  readonly [N in M["name"]]: (fields: FieldReader) => Extract<M, { name: N }>;
};

interface Decoder {
  name: MethodName;
  decode: (fields: FieldReader) => Method;
}

const decoders: Decoders<ObservedMethod> = {
  ...connectionDecoders,
  ...channelDecoders,
  ...basicDecoders,
};

const decodersById = new Map<number, Decoder>(
  (Object.keys(decoders) as MethodName[]).map((name) => [
    METHOD_IDS[name],
    { name, decode: decoders[name] },
  ]),
);

/**
 * Decodes the payload of a method frame.
 *
 * @throws ProtocolViolation when a field is cut short, bytes are left over, or a delivery tag is
 * above Number.MAX_SAFE_INTEGER.
 */
export function decodeMethod(payload: Buffer): Method {
  const id = methodId(payload);
  const decoder = decodersById.get(id);
  if (decoder === undefined) return { name: "other", classId: id >>> 16, methodId: id & 0xffff };
  const fields = new FieldReader(payload, decoder.name, 4);
  const method = decoder.decode(fields);
  fields.expectDone();
  return method;
}

/** Whether a content header and a body follow the method on its channel. */
export function carriesContent(name: Method["name"]): boolean {
  return (
    name === "basic.publish" ||
    name === "basic.deliver" ||
    name === "basic.get-ok" ||
    name === "basic.return"
  );
}
