import type { ContentProperties } from "../amqp/properties.ts";

/** A publish as the link sees it, before it is told. */
export interface Route {
  subject: string;
  /** The task that it is about. */
  task: string | null;
  exchange: string;
  routingKey: string;
}

/** How the link tells which task a message is about. */
export interface Identity {
  /** Is the id in the headers? Decoding them is the dear part. */
  readonly headers: boolean;
  taskOf(properties: ContentProperties): string | null;
  /**
   * Is a publish no task of the experiment, but what a subject publishes besides: the outcome of
   * its work, or anything that is nothing to the experiment?
   */
  isOutput(route: Route): boolean;
}

export const BY_MESSAGE_ID: Identity = {
  headers: false,
  taskOf: ({ messageId }) => messageId ?? null,
  isOutput: () => false,
};
