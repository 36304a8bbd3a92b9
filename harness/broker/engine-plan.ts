import { commandLine } from "../command-line.ts";
import type { EngineSearch } from "./engine.ts";

/** A Linux distribution, as /etc/os-release names it. */
export interface Distribution {
  id: string;
  /** The distributions it derives from. */
  like: string[];
  /** For messages: `Debian GNU/Linux 12 (bookworm)`. */
  name: string;
}

/** What is known about this machine before anything is done. */
export interface EngineFacts {
  search: EngineSearch;
  platform: NodeJS.Platform;
  distribution: Distribution | undefined;
  root: boolean;
  /** Docker's daemon is installed. */
  installed: boolean;
  /** Docker's daemon runs, though it doesn't answer yet. */
  running: boolean;
  /** systemd is in charge of services. */
  serviceManager: boolean;
}

export type EnginePlan =
  | { step: "ready" }
  | { step: "install" }
  | { step: "start"; by: "systemd" | "us" | "nobody" }
  | { step: "refuse"; problem: string; remedy: string };

/** Reads /etc/os-release: `KEY=value` lines with shell quotes. */
export function parseOsRelease(text: string): Distribution {
  const value = (key: string) =>
    new RegExp(`^${key}=(["']?)(.*)\\1$`, "m").exec(text)?.[2] ?? undefined;
  return {
    id: value("ID") ?? "linux",
    like: value("ID_LIKE")?.split(/\s+/) ?? [],
    name: value("PRETTY_NAME") ?? value("NAME") ?? "Linux",
  };
}

/** Debian, Ubuntu, and what is made from them. */
export function hasApt(distribution: Distribution | undefined): boolean {
  if (!distribution) return false;
  return [distribution.id, ...distribution.like].some((id) => id === "debian" || id === "ubuntu");
}

/** The next step towards an engine that answers. */
export function planEngine(facts: EngineFacts): EnginePlan {
  const { search, platform, distribution, root, installed, running } = facts;
  if (search.engine) return { step: "ready" };
  const denied = search.silences.find(({ reason }) => reason === "EACCES");
  if (denied) {
    return refuse(
      `This user may not use the container engine at ${denied.address}.`,
      'sudo usermod -aG docker "$USER" # then log in again',
    );
  }
  if (search.explicit) {
    const { address, reason } = search.silences[0] ?? { address: "?", reason: "not tried" };
    return refuse(
      `No container engine answers at ${address}, which DOCKER_HOST (or ~/.testcontainers.properties) names: ${reason}.`,
      "unset DOCKER_HOST # or start that engine",
    );
  }
  if (installed && root && platform === "linux") {
    if (running) return { step: "start", by: "nobody" };
    return { step: "start", by: facts.serviceManager ? "systemd" : "us" };
  }
  if (installed)
    return refuse("The container engine is installed and doesn't run.", startCommand(facts));
  if (platform === "linux" && hasApt(distribution) && root) return { step: "install" };
  return refuse(`There is no container engine on this ${placeName(facts)}.`, installCommand(facts));
}

function refuse(problem: string, remedy: string): EnginePlan {
  return { step: "refuse", problem, remedy };
}

function startCommand({ platform, serviceManager }: EngineFacts): string {
  if (platform === "darwin") return "open -a Docker";
  if (platform === "win32") return "docker desktop start";
  return serviceManager ? "sudo systemctl start docker" : `sudo ${commandLine("setup")}`;
}

function installCommand({ platform, distribution }: EngineFacts): string {
  if (platform === "darwin") return "brew install colima docker && colima start";
  if (platform === "win32") return "winget install Docker.DockerDesktop";
  if (hasApt(distribution)) return `sudo ${commandLine("setup")}`;
  const ids = [distribution?.id, ...(distribution?.like ?? [])];
  if (ids.includes("alpine")) return "sudo apk add docker && sudo rc-service docker start";
  if (ids.includes("arch")) return "sudo pacman -S docker && sudo systemctl start docker";
  if (ids.includes("fedora")) {
    return "sudo dnf install -y moby-engine && sudo systemctl start docker";
  }
  return "curl -fsSL https://get.docker.com | sudo sh";
}

function placeName({ platform, distribution, root }: EngineFacts): string {
  const system = distribution?.name ?? { darwin: "macOS", win32: "Windows" }[platform as string];
  const rights = hasApt(distribution) && !root ? ", and this user may not install one" : "";
  return `machine (${system ?? platform})${rights}`;
}
