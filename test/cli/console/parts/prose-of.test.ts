import { describe, expect, it } from "vitest";
import { proseOf } from "../../../../src/cli/console/parts/prose-of.ts";

const CASES = [
  { name: "a text without names", text: "It is off.", shown: "It is off." },
  { name: "a name", text: "`registeredClientsOnly` is off.", shown: "<code>registeredClientsOnly</code> is off." },
  { name: "two names", text: "for `a`, `b`", shown: "for <code>a</code>, <code>b</code>" },
  { name: "a name with markup", text: "the client `<b>`", shown: "the client <code>&lt;b&gt;</code>" },
  { name: "a backtick without a partner", text: "a lone ` here", shown: "a lone ` here" },
  { name: "markup outside of names", text: "<b> and `x`", shown: "&lt;b&gt; and <code>x</code>" },
];

describe("a text for people", () => {
  it.each(CASES)("shows $name", ({ text, shown }) => {
    expect(proseOf(text).join("")).toBe(shown);
  });

  it("has no links, also where a name is a path", () => {
    expect(proseOf("`/orders` <i>").join("")).toBe("<code>/orders</code> &lt;i&gt;");
  });
});
