/**
 * Shows the faults of the policy's file as another copy of the page has them: above the content, or not at all. Equal
 * ones stay as they are, so that nothing is announced again and the focus stays.
 */
export function showFaults(page: Document): void {
  const old = document.querySelector("body > .faults");
  const faults = page.querySelector("body > .faults");
  if (old !== null && faults !== null && old.isEqualNode(faults)) return;
  old?.remove();
  if (faults !== null) document.querySelector("main")?.before(document.adoptNode(faults));
}
