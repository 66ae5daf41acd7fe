/** How long a file may take to be written from its first byte to its last. */
const WRITING_MS = 100;

export interface SecondLook<T> {
  /** Takes what was found. */
  at(found: T): void;
  /** Looks no more, and reports nothing more. */
  stop(): void;
}

/**
 * Reports what is found only when it was looked at twice: the first time a file may be half written. Whatever is found
 * first is dropped, `again` is called 100 ms later, and what is found then is reported. What changes meanwhile counts
 * as the second look.
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
