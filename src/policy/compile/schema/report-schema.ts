import * as v from "valibot";
import { closed } from "./closed.ts";
import { text } from "./values.ts";

/** A route's `report`: for how long it only reports. Whether the text is a day is checked by the compiler. */
export const reportSchema = closed({
  until: v.pipe(text, v.description("The last day without enforcement (UTC), for example 2027-01-31.")),
});
