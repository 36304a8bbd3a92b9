import { describe, expect, test } from "vitest";
import { endpointAt, engineAddresses, parseProperties } from "../../../harness/broker/engine.ts";

const linux = { platform: "linux" as const, settings: {}, home: "/home/me", uid: 1000 };

describe("where an engine is looked for", () => {
  test("at the system's socket, then at the rootless ones", () => {
    expect(engineAddresses(linux)).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///home/me/.docker/run/docker.sock",
      "unix:///home/me/.docker/desktop/docker.sock",
      "unix:///run/user/1000/docker.sock",
    ]);
  });

  test("at each socket once, even where the runtime directory is the usual one", () => {
    const addresses = engineAddresses({
      ...linux,
      settings: { XDG_RUNTIME_DIR: "/run/user/1000" },
    });
    expect(addresses).toHaveLength(4);
    expect(addresses[1]).toBe("unix:///run/user/1000/docker.sock");
  });

  test("nowhere else than at an address that was set", () => {
    const settings = { DOCKER_HOST: "tcp://box:2375" };
    expect(engineAddresses({ ...linux, settings })).toEqual(["tcp://box:2375"]);
  });

  test("at testcontainers' own host before DOCKER_HOST", () => {
    const settings = { "tc.host": "tcp://cloud:1", DOCKER_HOST: "tcp://box:2375" };
    expect(engineAddresses({ ...linux, settings })).toEqual(["tcp://cloud:1"]);
  });

  test("at a pipe on Windows", () => {
    expect(engineAddresses({ ...linux, platform: "win32" })).toEqual([
      "npipe:////./pipe/docker_engine",
    ]);
  });
});

describe("an address", () => {
  test.each([
    ["unix:///run/x.sock", { socketPath: "/run/x.sock" }],
    ["npipe:////./pipe/docker_engine", { socketPath: "//./pipe/docker_engine" }],
    ["tcp://box:1234", { host: "box", port: "1234" }],
    ["tcp://box", { host: "box", port: "2375" }],
  ])("%s can be connected to", (address, connect) => {
    expect(endpointAt(address)).toEqual({ address, connect });
  });

  test.each(["ssh://me@box", "box", "", "tcp://"])("%j is refused, with the remedy", (address) => {
    expect(() => endpointAt(address)).toThrow(
      `The container engine's address can't be used: ${address}. ` +
        "Set DOCKER_HOST to unix:///path/to/socket or tcp://host:port, or unset it.",
    );
  });

  test("with TLS needs its certificates", () => {
    const settings = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nowhere" };
    expect(() => endpointAt("tcp://box", settings)).toThrow(/certificates.*DOCKER_CERT_PATH/);
  });
});

test("properties are read without comments and blanks", () => {
  const text = "# tc.host=no\n\ndocker.host = tcp://box:2375\ntc.host=tcp://a=b\n";
  expect(parseProperties(text)).toEqual({
    "docker.host": "tcp://box:2375",
    "tc.host": "tcp://a=b",
  });
});
