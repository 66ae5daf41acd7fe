import { isObject, type JsonObject } from "../json/json-object.ts";

/**
 * Reads JSON that others wrote. Each function gives a member if it has the wanted type; a member of another type counts
 * as absent, so that documents with more or other members than expected can still be read.
 */

/** A member that is an object; an empty object if it is anything else. */
export function objectAt(value: JsonObject, name: string): JsonObject {
  const member = value[name];
  return isObject(member) ? member : {};
}

/** The objects in a member that is an array; none if it is anything else. */
export function objectsAt(value: JsonObject, name: string): readonly JsonObject[] {
  const member = value[name];
  return Array.isArray(member) ? member.filter(isObject) : [];
}

/** A member that is a string. */
export function stringAt(value: JsonObject, name: string): string | undefined {
  const member = value[name];
  return typeof member === "string" ? member : undefined;
}

/** The strings in a member that is an array; none if it is anything else. */
export function stringsAt(value: JsonObject, name: string): readonly string[] {
  const member = value[name];
  return Array.isArray(member) ? member.filter((item) => typeof item === "string") : [];
}
