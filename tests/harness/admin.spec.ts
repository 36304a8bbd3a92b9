import { randomUUID } from "node:crypto";
import { connect } from "amqplib";
import { expect, onTestFinished, test } from "vitest";
import { Admin } from "../../harness/broker/admin.ts";
import { laneBroker } from "../../harness/vitest.ts";

async function vhost(admin: Admin): Promise<string> {
  const name = `admin/${randomUUID()}`; // A name that has to be encoded in paths.
  await admin.createVhost(name);
  return name;
}

async function open(name: string) {
  const { host = "", port = 0 } = (await laneBroker()).amqp ?? {};
  return connect(`amqp://guest:guest@${host}:${port}/${encodeURIComponent(name)}`);
}

test("a policy holds for the queues of its virtual host that match", async () => {
  const admin = new Admin(await laneBroker());
  const name = await vhost(admin);
  onTestFinished(() => admin.deleteVhost(name));
  await admin.setPolicy(name, "short", "^short$", { "max-length": 1 });
  const connection = await open(name);
  const channel = await connection.createConfirmChannel();
  for (const queue of ["short", "long"]) {
    await channel.assertQueue(queue);
    for (const task of ["1", "2", "3"]) channel.sendToQueue(queue, Buffer.from(task));
  }
  await channel.waitForConfirms();
  const kept = [await channel.checkQueue("short"), await channel.checkQueue("long")];
  expect(kept.map(({ messageCount }) => messageCount)).toEqual([1, 3]);
  await connection.close();
});

test("a deleted virtual host lets nobody in", async () => {
  const admin = new Admin(await laneBroker());
  const name = await vhost(admin);
  await (await open(name)).close();
  await admin.deleteVhost(name);
  await expect(open(name)).rejects.toThrow("got <ConnectionClose");
});

test("a refusal is told in the broker's words", async () => {
  const admin = new Admin(await laneBroker());
  const refused = admin.setPolicy("/", "wrong", ".*", { "max-length": "many" });
  await expect(refused).rejects.toThrow(/PUT policies\/%2F\/wrong was refused: 400 .*many/);
});
