/**
 * A proxy that reads nothing and records nothing: what forwarding costs in Node at all. What the
 * link costs beyond it is the price of recording.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Address } from "../../../harness/link/link.ts";
import { answerQuestions } from "./helper.ts";

function forward(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on("data", (chunk) => to.write(chunk));
  from.on("close", () => to.destroy());
  from.on("error", () => {}); // "close" follows.
}

const answers = {
  /** Starts forwarding; returns the address to connect to. */
  open(upstream: Address): Promise<Address> {
    const { promise, resolve } = Promise.withResolvers<Address>();
    const server = createServer((client) => {
      const broker = connect(upstream);
      forward(client, broker);
      forward(broker, client);
    });
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ host: "127.0.0.1", port });
    });
    return promise;
  },
};

export type PipeAnswers = typeof answers;

answerQuestions(answers);
