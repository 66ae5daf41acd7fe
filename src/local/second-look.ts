/** The longest time that an editor takes to write a file, from the first byte to the last. */
const WRITING_MS = 100;

/** Waits for a finding to be confirmed. */
export interface SecondLook<T> {
  /** Takes a finding. */
  at(found: T): void;
  /** Stops looking and reporting. */
  stop(): void;
}

/**
 * Reports a finding only after a second look, because a changed file may be half written at first. The first finding is
 * dropped and `again` is called 100 ms later; the next finding is reported. A change in between counts as the second
 * look.
 */
export function secondLook<T>(again: () => void, report: (found: T) => void): SecondLook<T> {
  let timer: NodeJS.Timeout | undefined;
  let isSecond = false;
  let isStopped = false;
  return {
    at(found) {
      if (isStopped) return;
      clearTimeout(timer);
      if (isSecond) report(found);
      else timer = setTimeout(again, WRITING_MS);
      isSecond = !isSecond;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
