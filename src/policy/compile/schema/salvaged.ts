/**
 * `T` without its faulty parts, which are `undefined`. A member that is there with the value `undefined` is faulty or
 * missing, and its fault is already reported: skip it without another report. A member that is not there at all was not
 * in the file.
 */
export type Salvaged<T> = T extends readonly (infer Item)[]
  ? readonly (Salvaged<Item> | undefined)[]
  : T extends object
    ? { readonly [Name in keyof T]?: Salvaged<T[Name]> | undefined }
    : T;
