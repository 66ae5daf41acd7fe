import { describe, expect, it } from "vitest";
import { echo } from "../../../src/local/network/echo.ts";

const post = (body: string) => new Request("https://orders.invalid/v1/orders?x=%20", { method: "POST", body });

describe("echo", () => {
  it("answers with what the upstream would have received", async () => {
    const request = new Request("https://orders.invalid/v1/orders?x=%20", {
      method: "PUT",
      body: "ä",
      headers: { a: "1" },
    });
    const answer = await echo(request, "orders");
    expect([answer.status, answer.headers.get("x-served-by")]).toEqual([200, "echo"]);
    expect(await answer.json()).toEqual({
      upstream: "orders",
      method: "PUT",
      path: "/v1/orders?x=%20",
      headers: { a: "1", "content-type": "text/plain;charset=UTF-8", host: "orders.invalid" },
      body: "ä",
    });
  });

  it.each([
    { name: "repeats a body of the longest length", length: 65_536, expected: 65_536 },
    { name: "cuts a longer one off", length: 65_537, expected: 65_536 + "... (cut off)".length },
  ])("$name", async ({ length, expected }) => {
    const { body } = (await (await echo(post("x".repeat(length)), "orders")).json()) as { body: string };
    expect(body).toHaveLength(expected);
  });
});
