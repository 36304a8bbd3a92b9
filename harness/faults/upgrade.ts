import { BootFailure } from "../broker/boot-failure.ts";
import type { ContainerSettings } from "../broker/broker.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * Stops the broker and starts it again from another image, on the same data. Its witnesses are the
 * version that the broker itself reports, and another boot id. Where that version refuses the data,
 * they are its exit code, and that the broker comes back as what it was, on the data as the refusal
 * has left it.
 *
 * @param settings of the other version, as its operator would have changed them with it.
 * @returns the refusal, if it was refused.
 */
export async function upgrade(
  { broker, history }: Stage,
  image: string,
  settings: ContainerSettings = {},
): Promise<BootFailure | undefined> {
  const was = { image: broker.image, version: broker.version };
  const about = { fault: "upgrade", target: "broker", moment: "now" } as const;
  const injection = Injection.begin(history, about);
  const death = await broker.stop();
  history.record({ type: "broker-down", ...death });
  const refusal = await refusalOf(broker.start(image, settings));
  if (refusal) {
    const { boot, code: exitCode } = refusal;
    history.record({ type: "broker-down", boot, exitCode, clean: false });
    await broker.start(was.image);
  }
  const { boot, version } = broker;
  history.record({ type: "broker-up", boot, version });
  if (boot === death.boot) throw new Error(`The broker kept its boot id ${boot} over an upgrade`);
  const isAnother = version !== was.version;
  if (isAnother !== (refusal === undefined)) {
    throw new Error(
      `The broker was ${was.version} before its upgrade to ${image}, and is ${version}`,
    );
  }
  const lives = `${was.version}, boot ${death.boot}, became ${version}, boot ${boot}`;
  injection.witnessed(refusal ? `${image} exited with ${refusal.code}; ${lives}` : lives);
  injection.healed();
  return refusal;
}

/** What a start was refused with, if it was. */
export async function refusalOf(start: Promise<void>): Promise<BootFailure | undefined> {
  try {
    await start;
    return undefined;
  } catch (error) {
    if (error instanceof BootFailure) return error;
    throw error;
  }
}
