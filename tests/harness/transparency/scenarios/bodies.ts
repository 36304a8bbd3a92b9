import type { Scenario } from "./scenario.ts";

const MEGABYTE = 2 ** 20;

/** Bodies of the sizes at which a library starts another frame. */
export const bodies: Scenario = {
  title: "bodies without a byte, of one frame to the byte, and over many frames",
  async run(client, queue) {
    const channel = await client.openChannel();
    await channel.declare(queue);
    const whole = client.bodyPerFrame;
    const sizes = [0, 1, whole - 1, whole, whole + 1, 2 * whole, MEGABYTE];
    const intact: boolean[] = [];
    const said: unknown[] = [];
    for (const size of sizes) {
      const body = patterned(size);
      await channel.publish({ queue, body, properties: { messageId: `${size}` } });
      const message = await channel.get(queue);
      await message?.ack();
      intact.push(message?.body.equals(body) ?? false);
      said.push(message?.said);
    }
    await channel.delete(queue);
    await channel.close();
    return { intact, said };
  },
  shows: { intact: [true, true, true, true, true, true, true] },
  records: { published: 7, "publish-confirmed": 7, delivered: 7, acked: 7 },
};

/** Bytes in which a loss, a repetition or a change of order shows anywhere. */
function patterned(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8) * 17 + (at >> 16)) & 0xff;
  return bytes;
}
