import { type AllowedOrigins, allowsOrigin } from "../../../../../http/allowed-origins.ts";

/** Notes a change of the origins. */
type NoteOrigin = (kind: "looser" | "tighter", message: string) => void;

/** Notes each origin that is allowed now and was not before, and the reverse. */
export function noteOrigins(was: AllowedOrigins, is: AllowedOrigins, note: NoteOrigin): void {
  for (const origin of listOf(is)) if (!covers(was, origin)) note("looser", `${origin} is now allowed.`);
  for (const origin of listOf(was)) if (!covers(is, origin)) note("tighter", `${origin} is no longer allowed.`);
}

/** The entries, as the file writes them. */
export function listOf({ exact, wildcard }: AllowedOrigins): readonly string[] {
  return [...exact, ...wildcard];
}

/** Whether all origins that an entry allows are allowed. A wildcard stands for more origins than any list has. */
function covers(allowed: AllowedOrigins, entry: string): boolean {
  return allowed.wildcard.has(entry) || allowsOrigin(allowed, entry);
}
