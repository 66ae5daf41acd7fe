import { findControlCharacter } from "../../control-characters.ts";
import { readAtom } from "../../requirements/conditions.ts";

/** The claim that names the client of a token. A registered client's tokens all have the same one. */
export const CLIENT_ID = "client_id";

/** Whether a condition looks at the client id. */
export function isClientId([name, ...deeper]: readonly string[]): boolean {
  return name === CLIENT_ID && deeper.length === 0;
}

/**
 * Whether a client with this id can meet a condition on some path. `false` only where a segment must equal the id, and
 * no segment can. Does not check whether another route takes over the path.
 */
export function canCarryId(atom: string, id: string): boolean {
  const meaning = readAtom(atom);
  return meaning?.kind !== "parameter" || !isClientId(meaning.claim) || canBeSegment(id);
}

/** Whether a path can have the text as a segment that equals a claim. */
export function canBeSegment(text: string): boolean {
  const isPlain = text !== "" && text !== "." && text !== ".." && text.isWellFormed();
  return isPlain && !/[/\\;]|%[0-9A-Fa-f]{2}/.test(text) && findControlCharacter(text) === undefined;
}
