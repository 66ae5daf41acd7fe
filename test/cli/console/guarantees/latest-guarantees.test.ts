import { describe, expect, it } from "vitest";
import type { GuaranteesAnswer } from "../../../../src/cli/console/guarantees/broken-guarantees.ts";
import { latestGuarantees } from "../../../../src/cli/console/guarantees/latest-guarantees.ts";
import { compileSource, type LoadedPolicy, parsePolicySource } from "../../../../src/cli/policy-file/policy-source.ts";
import { policyFileWith } from "../../../support/policy/policy-file.ts";

const DAY = "2027-01-15";
const LONG_MS = 10_000;

function loaded(name: string, guarantees: readonly unknown[] = [{ name: "g", publicOnly: [] }]): LoadedPolicy {
  return compileSource(parsePolicySource(name, JSON.stringify(policyFileWith({ guarantees }))), {});
}

/** Proofs that stay open until the test answers them, or until they are stopped. */
function openProofs() {
  const asked: string[] = [];
  const open = new Map<string, PromiseWithResolvers<GuaranteesAnswer>>();
  const ask = latestGuarantees(({ policyName, day }, stop) => {
    const name = `${policyName} ${day}`;
    const answer = Promise.withResolvers<GuaranteesAnswer>();
    asked.push(name);
    open.set(name, answer);
    stop.addEventListener("abort", () => answer.reject(new Error("stopped")));
    return answer.promise;
  });
  const settled = async (name: string) => {
    await expect.poll(() => open.has(name)).toBe(true);
    return open.get(name);
  };
  return {
    ask,
    asked,
    answer: async (name: string) => (await settled(name))?.resolve([]),
    fail: async (name: string) => (await settled(name))?.reject(new Error("a bug")),
  };
}

describe("the guarantees of the latest policy", () => {
  it("are proved once, however many pages ask, and are there later", async () => {
    const { ask, asked, answer } = openProofs();
    const policy = loaded("one");
    expect(await ask(policy, DAY, 1)).toBeUndefined();
    const both = Promise.all([ask(policy, DAY, LONG_MS), ask(policy, DAY, LONG_MS)]);
    await answer(`one ${DAY}`);
    expect([await both, await ask(policy, DAY, LONG_MS), asked]).toEqual([[[], []], [], [`one ${DAY}`]]);
  });

  it("are not asked for where there are none", async () => {
    const { ask, asked } = openProofs();
    expect([await ask(loaded("none", []), DAY, 0), asked]).toEqual([[], []]);
  });

  it("are no longer proved when another policy or another day is asked for, one proof after the other", async () => {
    const { ask, asked, answer } = openProofs();
    const [one, other] = [loaded("one"), loaded("other")];
    const first = ask(one, DAY, LONG_MS);
    await expect.poll(() => asked).toEqual([`one ${DAY}`]);
    const second = ask(other, DAY, LONG_MS);
    const third = ask(other, "2027-02-01", LONG_MS);
    expect([await first, await second]).toEqual([undefined, undefined]);
    await answer("other 2027-02-01");
    expect([await third, asked]).toEqual([[], [`one ${DAY}`, "other 2027-02-01"]]);
  });

  it("are a bug for every page that asks, and the next policy is proved", async () => {
    const { ask, answer, fail } = openProofs();
    const one = loaded("one");
    const failing = ask(one, DAY, LONG_MS);
    await fail(`one ${DAY}`);
    await expect(failing).rejects.toThrow("a bug");
    await expect(ask(one, DAY, LONG_MS)).rejects.toThrow("a bug");
    const next = ask(loaded("other"), DAY, LONG_MS);
    await answer(`other ${DAY}`);
    expect(await next).toEqual([]);
  });
});
