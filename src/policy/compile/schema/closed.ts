import * as v from "valibot";

/**
 * `v.strictObject` as a policy file needs it: it reports every unknown member, not just the first, and it refuses
 * arrays, which valibot takes for objects. The message of an unknown member's issue lists the known ones.
 *
 * @param known the members that the message lists. Default: all.
 * @param refused members that this takes with any value and does not describe. The compiler must refuse each: it has a
 * better hint.
 */
export function closed<const Entries extends v.ObjectEntries>(
  entries: Entries,
  { known = Object.keys(entries), refused = [] }: { known?: readonly string[]; refused?: readonly string[] } = {},
): v.StrictObjectSchema<Entries, undefined> {
  const unread = Object.fromEntries(refused.map((name) => [name, v.exactOptional(v.unknown())]));
  const checked = v.objectWithRest({ ...entries, ...unread }, v.never(known.join(", ")));
  return refusingArrays(v.strictObject(entries), checked);
}

/** `v.record` with names that are not empty, which refuses arrays as well. */
export function dictionary<const Value extends v.GenericSchema>(value: Value) {
  const schema = v.record(v.pipe(v.string(), v.nonEmpty()), value);
  return refusingArrays(schema, schema);
}

/**
 * A union whose faults are those of one branch: that of the first member that the value has, or else `otherwise`.
 * Without this, an object with a misspelt member would get the faults of all branches.
 *
 * @param branches the members that only one branch has, and its schema
 */
export function chosenByMember<Schema extends v.GenericSchema>(
  union: Schema,
  branches: readonly (readonly [members: readonly string[], branch: v.GenericSchema])[],
  otherwise: v.GenericSchema,
): Schema {
  const run: Schema["~run"] = (dataset, config) => {
    const { value } = dataset;
    const chosen =
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? branches.find(([members]) => members.some((member) => Object.hasOwn(value, member)))
        : undefined;
    return (chosen?.[1] ?? otherwise)["~run"](dataset, config);
  };
  return { ...union, "~run": run };
}

/** `schema` as it is described, run as `checked`. */
function refusingArrays<Schema extends v.GenericSchema>(schema: Schema, checked: v.GenericSchema): Schema {
  const anObject = { ...v.custom<object>(() => false), expects: schema.expects };
  const run: Schema["~run"] = (dataset, config) =>
    (Array.isArray(dataset.value) ? anObject : checked)["~run"](dataset, config);
  return { ...schema, "~run": run };
}
