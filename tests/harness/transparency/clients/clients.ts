import type { Connect } from "../client.ts";
import { amqplibCallback } from "./amqplib-callback.ts";
import { amqplibPromise } from "./amqplib-promise.ts";
import { amqplibRecovery } from "./amqplib-recovery.ts";
import { cloudamqp } from "./cloudamqp.ts";
import { connectionManager } from "./connection-manager.ts";
import { rabbitmqClient } from "./rabbitmq-client.ts";

/** The libraries that have verbs for transactions. */
export const transactional: Record<string, Connect> = {
  "rabbitmq-client": rabbitmqClient,
  "@cloudamqp/amqp-client": cloudamqp,
};

/** Every library once. */
export const libraries: Record<string, Connect> = {
  "amqplib, by promises": amqplibPromise,
  "amqp-connection-manager": connectionManager,
  ...transactional,
};

/** The clients that the link must be invisible to: every library, under each of its APIs. */
export const clients: Record<string, Connect> = {
  "amqplib, by callbacks": amqplibCallback,
  "amqplib, with recovery": amqplibRecovery,
  ...libraries,
};
