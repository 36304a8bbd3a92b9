import { amqplibRecovery } from "./amqplib-recovery.ts";
import { cloudamqpSession } from "./cloudamqp-session.ts";
import { connectionManager } from "./connection-manager.ts";
import type { Keep } from "./keeper.ts";
import { rabbitmqClient } from "./rabbitmq-client.ts";

/** The clients that reconnect by themselves. */
export const keepers: Record<string, Keep> = {
  "amqplib, with recovery": amqplibRecovery,
  "amqp-connection-manager": connectionManager,
  "rabbitmq-client": rabbitmqClient,
  "@cloudamqp/amqp-client, in a session": cloudamqpSession,
};
