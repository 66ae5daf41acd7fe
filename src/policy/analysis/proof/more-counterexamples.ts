import type { Counterexample } from "./proof.ts";

/**
 * Where other calls break a guarantee, in words that follow "calls": `on 2 more routes`. There is one counterexample
 * for each route, and on an MCP route one for each entry.
 */
export function moreCounterexamples(others: readonly Pick<Counterexample, "mcp">[]): string {
  const count = others.length;
  const messages = others.filter(({ mcp }) => mcp !== undefined).length;
  if (messages > 0 && messages < count) return `on ${count} more routes and messages`;
  const [preposition, noun] = messages === 0 ? ["on", "route"] : ["with", "message"];
  return `${preposition} ${count} more ${noun}${count === 1 ? "" : "s"}`;
}
