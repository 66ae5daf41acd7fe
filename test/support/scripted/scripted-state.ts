import type { SigningKey } from "../token/signing-key.ts";
import { publishes } from "./scripted-issuer.ts";
import type { ScriptedWorld } from "./scripted-world.ts";

/** What a gateway holds of an issuer when a fault begins: nothing, or a key set that is fresh, aging or too old. */
export type StartingState = "cold" | "warm" | "aging" | "past the bound";

export const STARTING_STATES: readonly StartingState[] = ["cold", "warm", "aging", "past the bound"];

/** The defaults, but for an issuer that is given up sooner. */
export const SETTINGS = { refreshAfterSeconds: 600, maxStaleSeconds: 86_400, cooldownSeconds: 30, timeoutMs: 1_000 };

/** Age of the key set in each state, in seconds: the first at which the state is what it is. */
const AGE_SECONDS = { warm: 0, aging: SETTINGS.refreshAfterSeconds, "past the bound": SETTINGS.maxStaleSeconds + 1 };

/** Brings an issuer of which nothing is known into a state: its one key is in memory and in KV, if anything is. */
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
