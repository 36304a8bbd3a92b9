import { type ChannelModel, connect } from "amqplib";
import { type Client, FRAME_OVERHEAD } from "../client.ts";
import { Told } from "../told.ts";
import { channelOf, type Negotiated } from "./amqplib-promise.ts";

/** amqplib with its `recovery` option, which makes a lost connection again. */
export async function amqplibRecovery(url: string): Promise<Client> {
  const told = new Told();
  let frameMax = 0;
  const model = await connect(url, {
    noDelay: true,
    recovery: {
      initialDelay: 10,
      jitter: 0,
      async setup({ connection }: ChannelModel) {
        const negotiated = connection as unknown as Negotiated;
        frameMax = negotiated.frameMax;
        told.note("connected", negotiated.serverProperties);
      },
    },
  });
  model.on("disconnect", (error) => told.note("ended", error));
  model.on("error", (error) => told.note("error", error));
  model.on("reconnect-scheduled", ({ attempt, error }) => told.note("again", attempt, error));
  model.on("blocked", (reason) => told.note("blocked", reason));
  model.on("unblocked", () => told.note("unblocked"));
  return {
    told,
    bodyPerFrame: frameMax - FRAME_OVERHEAD,
    openChannel: async () => channelOf(await model.createConfirmChannel(), told),
    close: () => model.close(),
  };
}
