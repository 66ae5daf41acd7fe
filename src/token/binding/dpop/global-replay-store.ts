import { REPLAY_SHARD_CHARACTERS, REPLAY_TIMEOUT_MS } from "../../../limits.ts";
import { GUARD_STATUS } from "./replay-guard.ts";
import type { ReplayStore } from "./replay-store.ts";

/** What the store needs of the binding `REPLAY`: a namespace of the class `ReplayGuard`. */
export interface ReplayNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): {
    fetch(url: string, init: { method: string; body: string; signal: AbortSignal }): Promise<{ status: number }>;
  };
}

/**
 * The memory of all isolates: an object per shard of the keys' thumbprints. Equal proofs have one key, and therefore
 * one object. It rejects if the object fails, has no room, or takes too long. It may have stored the proof even then,
 * so that a client must send a new one.
 */
export function createGlobalReplayStore(namespace: ReplayNamespace, timeoutMs = REPLAY_TIMEOUT_MS): ReplayStore {
  return {
    async seen({ thumbprint, jti, expiresAtMs }) {
      const id = namespace.idFromName(thumbprint.slice(0, REPLAY_SHARD_CHARACTERS));
      const { status } = await namespace.get(id).fetch("https://replay-guard/", {
        method: "POST",
        body: JSON.stringify([thumbprint, jti, expiresAtMs]),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (status === GUARD_STATUS.new) return false;
      if (status === GUARD_STATUS.known) return true;
      throw new Error(`the object answered ${status}`);
    },
  };
}

/** Whether a binding is a namespace of Durable Objects. Its class cannot be seen from here. */
export function isReplayNamespace(binding: unknown): binding is ReplayNamespace {
  const { idFromName, get } = Object(binding) as Partial<ReplayNamespace>;
  return typeof idFromName === "function" && typeof get === "function";
}
