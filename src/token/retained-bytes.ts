/**
 * What V8 needs for a value, in bytes, on a 64-bit machine: its headers and slots, rounded. A test compares the sums
 * with the heap of Node. A runtime that compresses pointers needs less.
 */
const STRING_BYTES = 24;
const NUMBER_BYTES = 8;
const SLOT_BYTES = 8;
const ARRAY_BYTES = 48;
const OBJECT_BYTES = 56;
/** The name of a member, its slot, and its share of the object's hidden class. */
const MEMBER_BYTES = 56;
const SET_BYTES = 200;
/** An item of a set: three words, and the table is between half full and full. */
const SET_ITEM_BYTES = 32;

/**
 * Estimates how much memory a parsed JSON value keeps, in bytes. Does not know what values share: a string is counted
 * each time that it occurs. Does not recurse, because a token can nest values more deeply than the stack allows.
 */
export function retainedBytes(value: unknown): number {
  const pending: unknown[] = [value];
  let bytes = 0;
  while (pending.length > 0) {
    const item = pending.pop();
    if (typeof item === "string") bytes += stringBytes(item);
    else if (typeof item === "number") bytes += NUMBER_BYTES;
    else if (Array.isArray(item)) {
      bytes += ARRAY_BYTES + item.length * SLOT_BYTES;
      for (const inner of item) pending.push(inner);
    } else if (typeof item === "object" && item !== null) {
      bytes += OBJECT_BYTES;
      for (const [name, inner] of Object.entries(item)) {
        bytes += MEMBER_BYTES + name.length;
        pending.push(inner);
      }
    }
  }
  return bytes;
}

/** Estimates how much memory a set or list of `length` strings keeps besides the strings, in bytes. */
export function collectionBytes(length: number): number {
  return SET_BYTES + ARRAY_BYTES + length * (SET_ITEM_BYTES + SLOT_BYTES);
}

/** One byte for each character, or two for each if one of them is not in Latin-1. */
function stringBytes(text: string): number {
  return STRING_BYTES + text.length * (/[\u0100-\uffff]/.test(text) ? 2 : 1);
}
