import type { KeyNamespace } from "../../../src/keys/key-io.ts";
import type { VirtualClock } from "../../support/keys/virtual-clock.ts";
import type { Random } from "../model/random.ts";

/** KV that throws, hangs, is slow, has no record, or has one that must not count. */
export function failingKv(kv: KeyNamespace, clock: VirtualClock, random: Random, fails: () => boolean): KeyNamespace {
  return {
    async get(key, options) {
      const text = await kv.get(key, options);
      if (!fails()) return text;
      const fault = random.pick(["throws", "hangs", "slow", "empty", "truncated", "version", "future", "forged"]);
      if (fault === "throws") throw new Error("KV GET failed: 500");
      if (fault === "hangs") return new Promise(() => {});
      if (fault === "slow") await clock.sleep(random.between(300, 5_000));
      if (fault === "slow" || text === null) return text;
      if (fault === "truncated") return text.slice(0, -1);
      if (fault === "version") return text.replace('"version":1', '"version":2');
      if (fault === "future") return text.replace(/"fetchedAt":\d/, '"fetchedAt":9');
      if (fault === "forged") return text.replace(/"jwks":\{"keys":\[/, '"jwks":[{"keys":[').replace("]}", "]}]");
      return null;
    },
    async put(key, value, options) {
      if (!fails()) return kv.put(key, value, options);
      if (random.pick([true, false])) throw new Error("KV PUT failed: 429 Too Many Requests");
      return new Promise(() => {});
    },
  };
}
