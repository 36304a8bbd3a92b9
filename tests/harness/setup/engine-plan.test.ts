import { describe, expect, test } from "vitest";
import {
  type EngineFacts,
  hasApt,
  parseOsRelease,
  planEngine,
} from "../../../harness/broker/engine-plan.ts";

const debian = parseOsRelease(
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
);
const fedora = parseOsRelease('NAME="Fedora Linux"\nID=fedora\n');

const socket = "unix:///var/run/docker.sock";
const silent = (reason: string, explicit = false) => ({
  explicit,
  silences: [{ address: socket, reason }],
});

/** A Debian machine, as root, with nothing on it. */
const bare: EngineFacts = {
  search: silent("ENOENT"),
  platform: "linux",
  distribution: debian,
  root: true,
  installed: false,
  running: false,
  serviceManager: false,
};

describe("the next step towards an engine", () => {
  test("is none when one answers, whatever else is true", () => {
    const engine = { title: "Docker 1", endpoint: { address: socket, connect: {} } };
    expect(planEngine({ ...bare, search: { engine } })).toEqual({ step: "ready" });
  });

  test("is to install one on Debian as root", () => {
    expect(planEngine(bare)).toEqual({ step: "install" });
  });

  test.each([
    ["by systemd where it is in charge", { serviceManager: true }, "systemd"],
    ["by us where no service manager runs", {}, "us"],
    ["by nobody, only waiting, where it is starting", { running: true }, "nobody"],
    ["by us on another Linux too", { distribution: fedora }, "us"],
  ])("is to start the one that is installed, %s", (_, facts, by) => {
    expect(planEngine({ ...bare, installed: true, ...facts })).toEqual({ step: "start", by });
  });

  test("is never to replace an engine that was asked for", () => {
    expect(planEngine({ ...bare, installed: true, search: silent("ECONNREFUSED", true) })).toEqual({
      step: "refuse",
      problem: `No container engine answers at ${socket}, which DOCKER_HOST (or ~/.testcontainers.properties) names: ECONNREFUSED.`,
      remedy: "unset DOCKER_HOST # or start that engine",
    });
  });
});

describe("where setup can't help, it names one command", () => {
  const command = (facts: Partial<EngineFacts>) => {
    const plan = planEngine({ ...bare, ...facts });
    if (plan.step !== "refuse") throw new Error(`planned to ${plan.step}`);
    return [plan.problem, plan.remedy];
  };

  test("for a socket that this user may not use", () => {
    expect(command({ root: false, installed: true, search: silent("EACCES") })).toEqual([
      `This user may not use the container engine at ${socket}.`,
      'sudo usermod -aG docker "$USER" # then log in again',
    ]);
  });

  test("for Debian without root", () => {
    expect(command({ root: false })).toEqual([
      "There is no container engine on this machine (Debian GNU/Linux 12 (bookworm)), and this user may not install one.",
      "sudo npm run setup",
    ]);
  });

  test("for an engine that is installed and stopped, without root", () => {
    const stopped = { root: false, installed: true };
    expect(command({ ...stopped, serviceManager: true })[1]).toBe("sudo systemctl start docker");
    expect(command(stopped)[1]).toBe("sudo npm run setup");
  });

  test("for a distribution without apt", () => {
    expect(command({ distribution: fedora })).toEqual([
      "There is no container engine on this machine (Fedora Linux).",
      "sudo dnf install -y moby-engine && sudo systemctl start docker",
    ]);
  });

  test("for macOS", () => {
    expect(command({ platform: "darwin", distribution: undefined })).toEqual([
      "There is no container engine on this machine (macOS).",
      "brew install colima docker && colima start",
    ]);
  });

  test("for a Linux that doesn't say what it is", () => {
    expect(command({ distribution: undefined })).toEqual([
      "There is no container engine on this machine (linux).",
      "curl -fsSL https://get.docker.com | sudo sh",
    ]);
  });
});

describe("/etc/os-release", () => {
  test("is read with quotes of either kind and without", () => {
    const mint = "PRETTY_NAME='Linux Mint 22'\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
    expect(parseOsRelease(mint)).toEqual({
      id: "linuxmint",
      like: ["ubuntu", "debian"],
      name: "Linux Mint 22",
    });
  });

  test("may be empty", () => {
    expect(parseOsRelease("")).toEqual({ id: "linux", like: [], name: "Linux" });
  });

  test("tells which systems have apt", () => {
    expect(hasApt(debian)).toBe(true);
    expect(hasApt({ id: "linuxmint", like: ["ubuntu"], name: "" })).toBe(true);
    expect(hasApt(fedora)).toBe(false);
    expect(hasApt(undefined)).toBe(false);
  });
});
