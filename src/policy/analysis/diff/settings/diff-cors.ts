import type { CorsPolicy, Policy } from "../../../policy.ts";
import { type Comparers, compareMembers } from "./comparers.ts";
import type { Note } from "./setting-change.ts";
import { isSameContent } from "./shared/content-text.ts";
import { listOf, noteOrigins } from "./shared/note-origins.ts";

/**
 * Compares which pages of other origins may call the API. Without `cors` the CORS headers of the upstreams count, and
 * the policy does not know these. So adding `cors` is `looser`, and removing it is `incomparable`.
 */
export function diffCors({ cors: was }: Pick<Policy, "cors">, { cors: is }: Pick<Policy, "cors">, note: Note): void {
  if (was && is) compareMembers(was, is, CORS, (member, kind, message) => note(kind, ["cors", member], message));
  else if (is) note("looser", ["cors"], `Pages from ${textOfOrigins(is.origins)} are now allowed.`);
  else if (was) note("incomparable", ["cors"], "The CORS headers of the upstreams now count.");
}

const CORS: Comparers<CorsPolicy> = {
  origins(was, is, note) {
    if (was === "*" && is === "*") return;
    if (is === "*") note("looser", "Pages from every origin are now allowed.");
    else if (was === "*") note("tighter", "Only pages from the listed origins are now allowed.");
    else noteOrigins(was, is, note);
  },
  credentials(was, is, note) {
    if (was === is) return;
    if (is) note("looser", "Browsers may now send credentials such as cookies.");
    else note("tighter", "Browsers may no longer send credentials.");
  },
  maxAgeSeconds(was, is, note) {
    if (was !== is) note("other", `Changed from ${was} to ${is}.`);
  },
  exposedHeaders(was, is, note) {
    if (!isSameContent(was, is)) note("other", "Scripts may read other response headers.");
  },
};

function textOfOrigins(origins: CorsPolicy["origins"]): string {
  return origins === "*" ? "every origin" : listOf(origins).join(", ");
}
