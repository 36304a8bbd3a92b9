import { describe, expect, test } from "vitest";
import {
  debianMirror,
  parseDeb822,
  parseSourcesList,
} from "../../../harness/broker/apt-sources.ts";

const mirror = "http://mirror.example/debian";

describe("the one-line format", () => {
  test("has a type, options, an address, a suite and components", () => {
    const text = `
# deb http://commented.example/debian sid main
deb-src ${mirror} bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] ${mirror} bookworm main contrib # note
deb ${mirror} trixie-updates main
`;
    expect(parseSourcesList(text)).toEqual([
      {
        uri: mirror,
        suite: "bookworm",
        components: ["main", "contrib"],
        signedBy: "/usr/share/keyrings/x.gpg",
      },
      { uri: mirror, suite: "trixie-updates", components: ["main"], signedBy: undefined },
    ]);
  });
});

describe("the stanza format", () => {
  test("has one source for each address and suite", () => {
    const text = `Types: deb deb-src
# a comment between the fields
URIs: ${mirror}
Suites: bookworm
  bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg`;
    const common = {
      uri: mirror,
      components: ["main"],
      signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
    };
    expect(parseDeb822(text)).toEqual([
      { ...common, suite: "bookworm" },
      { ...common, suite: "bookworm-updates" },
    ]);
  });

  test("leaves out what is disabled, or not of binary packages", () => {
    const text = `Types: deb
URIs: ${mirror}
Suites: sid
Components: main
Enabled: no

Types: deb-src
URIs: ${mirror}
Suites: sid
Components: main
`;
    expect(parseDeb822(text)).toEqual([]);
  });
});

describe("the mirror of this host", () => {
  const pick = (...lines: string[]) => debianMirror(parseSourcesList(lines.join("\n")));

  test("is the first that carries a whole suite of Debian", () => {
    const security = "deb http://security.example/debian-security bookworm-security main";
    expect(pick(security, `deb ${mirror} bookworm main`)).toBe(mirror);
  });

  test("may be checked with Debian's own key", () => {
    const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    expect(pick(`deb [signed-by=${keyring}] ${mirror} sid main`)).toBe(mirror);
  });

  test.each([
    [
      "a third party's with a key of its own",
      "deb [signed-by=/k/ms.gpg] http://x.example/d bookworm main",
    ],
    [
      "a third party's without a component main",
      "deb http://x.example/linux/debian bookworm stable",
    ],
    ["another distribution's", "deb http://ubuntu.example/ubuntu noble main universe"],
    ["a disk", "deb cdrom:[Debian]/ bookworm main"],
    ["a list of mirrors", "deb mirror+file:/etc/apt/mirrors/debian.list bookworm main"],
  ])("is not %s", (_, line) => {
    expect(pick(line)).toBeUndefined();
  });
});
