/** What the page shows. An answer takes its place. */
let content = document.querySelector<HTMLElement>("main");
/** The address that the content is about. */
let address = location.pathname + location.search;
let isAsking = false;

addEventListener("input", ({ target }) => {
  if (target === tokenField()) disableCaller();
});

// A reader who comes back to this page, or sees a copy that the browser kept, must not find the token or what is in it.
addEventListener("pagehide", () => {
  const token = tokenField();
  if (token) token.value = "";
  disableCaller();
  document.querySelector(".answer[data-from=token]")?.remove();
});

// A browser keeps a form that it has sent, and writes it to its disk, to restore the tab. So the script sends a token,
// and the answer is no page of the history.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.id !== "ask" || !hasToken()) return;
  event.preventDefault();
  if (!isAsking) ask(form);
});

// Parts of an answer have addresses, too: leaving one of them may lead to the address of another question.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== address) location.reload();
});

addEventListener("click", async ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  const button = target.closest<HTMLButtonElement>("button[data-copy]");
  if (button === null) return;
  const { href } = new URL(button.dataset["copy"] ?? "", location.origin);
  const text = await navigator.clipboard.writeText(href).then(
    () => "Copied.",
    () => "The browser does not allow it. Copy the address of the link.",
  );
  const said = button.parentElement?.querySelector(".copied");
  if (said) said.textContent = text;
});

showCopyButtons();

function tokenField(): HTMLTextAreaElement | null {
  return document.querySelector("#token");
}

function hasToken(): boolean {
  return (tokenField()?.value ?? "").trim() !== "";
}

/** A question is about a real token or an assumed one. What is disabled is not sent. */
function disableCaller(): void {
  const caller = document.querySelector<HTMLFieldSetElement>("#caller");
  if (caller) caller.disabled = hasToken();
}

/** Buttons that nothing would answer without this script. */
function showCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) button.hidden = false;
}

/** Sends the form. The browser parses the answer as a document in which no script runs. */
function ask(form: HTMLFormElement): void {
  isAsking = true;
  form.setAttribute("aria-busy", "true");
  const fields = Array.from(new FormData(form), ([name, value]) => [name, typeof value === "string" ? value : ""]);
  const request = new XMLHttpRequest();
  request.responseType = "document";
  request.open("POST", "/why");
  request.setRequestHeader("content-type", "application/x-www-form-urlencoded");
  request.addEventListener("loadend", () => {
    isAsking = false;
    form.removeAttribute("aria-busy");
    const page: unknown = request.response;
    const answer = page instanceof Document ? page.querySelector("main") : null;
    if (answer === null) say("The console does not answer. Ask again when it does.", form);
    else show(answer);
  });
  request.send(new URLSearchParams(fields).toString());
}

function show(answer: HTMLElement): void {
  document.title = answer.ownerDocument.title;
  content?.replaceWith(document.adoptNode(answer));
  content = answer;
  address = "/why";
  history.replaceState(null, "", address);
  showCopyButtons();
  answer.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" });
}

function say(text: string, form: HTMLFormElement): void {
  const line = form.querySelector(".wrong") ?? document.createElement("p");
  line.className = "wrong";
  line.setAttribute("role", "alert");
  line.textContent = text;
  form.prepend(line);
}

export {};
