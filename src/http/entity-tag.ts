import { MAX_ENTITY_TAG_LENGTH } from "../limits.ts";

/** Whether a value is an entity tag (RFC 9110 8.8.3) of acceptable length, so that it may be sent back in a header. */
export function isEntityTag(value: unknown): value is string {
  if (typeof value !== "string" || value.length > MAX_ENTITY_TAG_LENGTH) return false;
  return /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(value);
}
