import { describe, expect, it } from "vitest";
import { finalRecipientResponse, forwardsLeft } from "../../src/http/max-forwards.ts";

describe("forwardsLeft", () => {
  it.each([
    { name: "no limit where there is none", method: "OPTIONS", value: undefined, expected: undefined },
    { name: "none at zero", method: "OPTIONS", value: "0", expected: 0 },
    { name: "none at zero with leading zeros", method: "OPTIONS", value: "000", expected: 0 },
    { name: "one at one", method: "OPTIONS", value: "1", expected: 1 },
    { name: "as many as it says", method: "OPTIONS", value: "70", expected: 70 },
    {
      name: "no more than can be counted down exactly",
      method: "OPTIONS",
      value: "9".repeat(400),
      expected: Number.MAX_SAFE_INTEGER,
    },
    { name: "none where it is below zero", method: "OPTIONS", value: "-1", expected: 0 },
    { name: "none where it is no number", method: "OPTIONS", value: "many", expected: 0 },
    { name: "none where it is empty", method: "OPTIONS", value: "", expected: 0 },
    { name: "none where there are two", method: "OPTIONS", value: "1, 2", expected: 0 },
    { name: "no limit for other methods", method: "GET", value: "0", expected: undefined },
  ])("is $name", ({ method, value, expected }) => {
    const headers = value === undefined ? {} : { "max-forwards": value };
    expect(forwardsLeft(new Request("https://gw.example/orders", { method, headers }))).toBe(expected);
  });
});

it("the final recipient says only what the path serves", async () => {
  const response = finalRecipientResponse("GET, HEAD, OPTIONS");
  expect(response.status).toBe(204);
  expect(Object.fromEntries(response.headers)).toEqual({ allow: "GET, HEAD, OPTIONS" });
  expect(await response.text()).toBe("");
});
