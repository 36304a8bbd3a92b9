import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, inject, test } from "vitest";
import { Broker } from "../../harness/broker/broker.ts";
import { requireEngine } from "../../harness/broker/engine.ts";
import { SetupError } from "../../harness/errors.ts";

/** A way to the engine that can be taken away. */
async function relay(): Promise<{ address: string; end(): Promise<void> }> {
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
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async end() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

test("an engine that goes away in the middle of a run is a matter of setup", async () => {
  const { address, end } = await relay();
  process.env.DOCKER_HOST = address; // Looked up once in a process, and each spec file has its own.
  const lane = inject("lanes")[Number(process.env.VITEST_POOL_ID) - 1] ?? "";
  const broker = await Broker.attach(lane);
  await end();
  for (const verb of ["pause", "stop", "kill", "log"] as const) {
    const failure = await broker[verb]().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SetupError);
    expect(String(failure)).toContain("The container engine no longer answers (ECONN");
  }
});
