import type { SigningKey } from "../token/signing-key.ts";
import { publishes } from "./scripted-issuer.ts";
import type { ScriptedWorld } from "./scripted-world.ts";

/** The keys that the gateway has when a fault begins: none, or a key set that is fresh, stale or expired. */
export type StartingState = "cold" | "warm" | "aging" | "past the bound";

export const STARTING_STATES: readonly StartingState[] = ["cold", "warm", "aging", "past the bound"];

/** The defaults, except for a shorter time limit of the issuer. */
export const SETTINGS = {
  refreshAfterSeconds: 600,
  maxStaleSeconds: 86_400,
  cooldownSeconds: 30,
  publicationLagSeconds: 60,
  timeoutMs: 1_000,
};

/** Age of the key set in each state, in seconds: the smallest of that state. */
const AGE_SECONDS = { warm: 0, aging: SETTINGS.refreshAfterSeconds, "past the bound": SETTINGS.maxStaleSeconds + 1 };

/** Brings an issuer into a state: its one key is in memory and in KV, unless the state is `cold`. */
export async function bringInto(
  state: StartingState,
  world: ScriptedWorld,
  issuer: string,
  key: SigningKey,
): Promise<void> {
  if (state === "cold") return;
  world.issuer.script(issuer, publishes(key.publicJwk));
  const answer = await world.ask(await world.token(issuer, key));
  if (answer !== "200 issuer") throw new Error(`The keys of ${issuer} were not read: ${answer}.`);
  await world.advance(AGE_SECONDS[state]);
  world.changes(issuer);
}
