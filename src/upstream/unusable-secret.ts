/** The end of a sentence about a secret. It must say nothing more about the value. */
export const UNUSABLE_SECRET =
  "is empty, or has a space at an end, a line break or another character that a header cannot hold.";
