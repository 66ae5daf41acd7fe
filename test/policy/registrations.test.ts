import { describe, expect, it } from "vitest";
import { registrationsOf } from "../../src/policy/registrations.ts";
import { clientOf } from "../support/policy/example-policy.ts";

describe("registrationsOf", () => {
  it("keeps one client id apart by its issuers", () => {
    const [ours, theirs] = [clientOf("admin", ["s/all"], "ours"), clientOf("admin", [], "theirs")];
    const found = registrationsOf([ours, theirs]);
    expect(found.get("ours")?.get("admin")).toBe(ours);
    expect(found.get("theirs")?.get("admin")).toBe(theirs);
    expect(found.get("others")).toBeUndefined();
  });

  it("goes by the client id, not by the name", () => {
    const found = registrationsOf([{ ...clientOf("id-1", []), name: "admin" }]);
    expect([found.get("main")?.has("id-1"), found.get("main")?.has("admin")]).toEqual([true, false]);
  });

  it("leaves out a client that no issuer can name", () => {
    expect(registrationsOf([{ ...clientOf("admin", []), issuer: undefined }]).size).toBe(0);
  });
});
