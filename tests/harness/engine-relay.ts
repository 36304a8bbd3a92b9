import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { requireEngine } from "../../harness/broker/engine.ts";

/** A way to the engine, over TCP, that can be taken away. */
export async function relay(host: string): Promise<{ address: string; end(): Promise<void> }> {
  const { connect: to } = (await requireEngine()).endpoint;
  const target = to.socketPath
    ? { path: to.socketPath }
    : { host: String(to.host), port: Number(to.port) };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const engine = connect(target);
    for (const socket of [client, engine]) sockets.add(socket.on("error", () => {}));
    client.pipe(engine).pipe(client);
  });
  await once(server.listen(0, host), "listening");
  return {
    address: `tcp://${host}:${(server.address() as AddressInfo).port}`,
    async end() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
