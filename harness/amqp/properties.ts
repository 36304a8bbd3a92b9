import { FieldReader } from "./field-reader.ts";
import { readTable, type Table } from "./table.ts";

/** What a content header says of the message that follows. */
export interface ContentHeader {
  /** Bytes of body, over all the body frames that follow. With 0 there are none. */
  bodySize: number;
  properties: ContentProperties;
}

/** The properties the harness looks at. Those that the message lacks are absent. */
export interface ContentProperties {
  messageId?: string;
  correlationId?: string;
  /** 2 is persistent. */
  deliveryMode?: number;
  /** Only where asked for: decoding them is the dear part. */
  headers?: Table;
}

/** Only class basic has content in AMQP 0-9-1. */
const BASIC_CLASS = 60;

/** Which properties are present, in the order in which they follow. */
const CONTENT_TYPE = 1 << 15;
const CONTENT_ENCODING = 1 << 14;
const HEADERS = 1 << 13;
const DELIVERY_MODE = 1 << 12;
const PRIORITY = 1 << 11;
const CORRELATION_ID = 1 << 10;
const REPLY_TO = 1 << 9;
const EXPIRATION = 1 << 8;
const MESSAGE_ID = 1 << 7;
const TIMESTAMP = 1 << 6;
const TYPE = 1 << 5;
const USER_ID = 1 << 4;
const APP_ID = 1 << 3;
const CLUSTER_ID = 1 << 2;

/**
 * Decodes the payload of a content header frame.
 *
 * @throws ProtocolViolation when a field is cut short or is none of AMQP 0-9-1's.
 */
export function decodeContentHeader(
  payload: Buffer,
  options: { headers?: boolean } = {},
): ContentHeader {
  const fields = new FieldReader(payload, "content header");
  const classId = fields.short();
  if (classId !== BASIC_CLASS) fields.fail(`content of class ${classId}, which has none`);
  fields.skip(2); // weight: unused, and ignored by RabbitMQ
  const bodySize = fields.longlong();
  const properties = readProperties(fields, options.headers ?? false);
  fields.expectDone();
  return { bodySize, properties };
}

function readProperties(fields: FieldReader, withHeaders: boolean): ContentProperties {
  const properties: ContentProperties = {};
  // The two lowest bits name no property, and are ignored as RabbitMQ ignores them.
  const flags = fields.short();
  if (flags & CONTENT_TYPE) fields.skipShortString();
  if (flags & CONTENT_ENCODING) fields.skipShortString();
  if (flags & HEADERS) {
    if (withHeaders) properties.headers = readTable(fields);
    else fields.skipLongString();
  }
  if (flags & DELIVERY_MODE) properties.deliveryMode = fields.octet();
  if (flags & PRIORITY) fields.skip(1);
  if (flags & CORRELATION_ID) properties.correlationId = fields.shortString();
  if (flags & REPLY_TO) fields.skipShortString();
  if (flags & EXPIRATION) fields.skipShortString();
  if (flags & MESSAGE_ID) properties.messageId = fields.shortString();
  if (flags & TIMESTAMP) fields.skip(8);
  if (flags & TYPE) fields.skipShortString();
  if (flags & USER_ID) fields.skipShortString();
  if (flags & APP_ID) fields.skipShortString();
  if (flags & CLUSTER_ID) fields.skipShortString();
  return properties;
}
