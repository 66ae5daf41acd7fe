/** A picture of a page of the console. There is one of it in light and one in dark. */
export interface Shot {
  readonly name: string;
  readonly path: string;
  /** What must be on the page before its picture is taken. */
  readonly shows: string;
}

/** The folder of the pictures, from the root. */
export const PICTURES = "docs/images";

/** Largest size of a picture, in bytes. They are in the repository, and readers load them with the README. */
export const MAX_PICTURE_BYTES = 120 * 1024;

/** All pictures, of the running example after a change. */
export const SHOTS: readonly Shot[] = [
  { name: "console-routes", path: "/", shows: "/orders/:id" },
  { name: "console-why", path: "/why?method=PUT&path=/products/17&client=customer", shows: "write:products" },
  { name: "console-change", path: "/change", shows: "customer" },
];

export const SCHEMES = ["light", "dark"] as const;

/** The path of a picture, from the root. */
export function pictureOf({ name }: Shot, scheme: (typeof SCHEMES)[number]): string {
  return `${PICTURES}/${name}-${scheme}.webp`;
}
