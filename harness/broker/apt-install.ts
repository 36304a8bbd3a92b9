import { SetupError } from "../errors.ts";
import type { Progression } from "./progression.ts";
import { lastLines, runTool, ToolFailure } from "./tool.ts";

/** What an image is built with, should the official one be out of reach. */
export const BUILD_PACKAGES = ["debootstrap", "debian-archive-keyring"];

/** Installs packages of the distribution. @throws {SetupError} with apt's last words. */
export async function aptInstall(packages: string[], { say, signal }: Progression): Promise<void> {
  say(`apt: installing ${packages.join(" ")}`);
  const wait = ["-o", "DPkg::Lock::Timeout=120"]; // A fresh machine may be updating itself.
  // One stale third-party source fails an update, and none of these packages comes from there.
  const updated = await runTool("apt-get", [...wait, "update"], { cancelSignal: signal }).then(
    () => "",
    (error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof ToolFailure)) throw error;
      return error.output;
    },
  );
  const args = [...wait, "install", "-y", "--no-install-recommends", ...packages];
  try {
    // In a session of its own, and not cancelled: half-configured packages would be left behind.
    await runTool("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], {
      detached: true,
    });
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    throw new SetupError(
      `apt-get could not install ${packages.join(" ")}. Check this machine's network and ` +
        `/etc/apt/sources.list*, then run it by hand. It said:${lastLines(updated + error.output)}`,
      { cause: error },
    );
  }
  signal.throwIfAborted();
}
