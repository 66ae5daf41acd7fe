import * as v from "valibot";
import { MAX_TIMEOUT_MS } from "../../../limits.ts";

/** A text that is not empty. */
export const text = v.pipe(v.string(), v.nonEmpty());
export const flag = v.boolean();
export const wholeNumber = (atLeast: number, atMost: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(atLeast), v.maxValue(atMost));
/** A list that is not empty. */
export const listOf = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.nonEmpty());
/** A member that may be left out, with what editors show about it. */
export const about = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.exactOptional(v.pipe(schema, v.description(description)));

export const timeoutMs = wholeNumber(1, MAX_TIMEOUT_MS);
/** A lint that a part of the file can suppress. Its value is the reason, which reviewers read. */
export const suppressing = (what: string) => about(text, `Why ${what} is fine here.`);
