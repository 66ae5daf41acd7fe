const token = document.querySelector<HTMLTextAreaElement>("#token");
const caller = document.querySelector<HTMLFieldSetElement>("#caller");
const answer = document.querySelector<HTMLElement>(".answer[data-from=token]");

// A question is about a real token or an assumed one. What is disabled is not sent.
function disableCaller(): void {
  if (caller !== null) caller.disabled = token !== null && token.value.trim() !== "";
}

token?.addEventListener("input", disableCaller);

// A reader who comes back to this page, or sees a copy that the browser kept, must not find the token or what is in it.
addEventListener("pagehide", () => {
  if (token !== null) token.value = "";
  disableCaller();
  answer?.remove();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const said = button.parentElement?.querySelector<HTMLElement>(".copied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = new URL(button.dataset["copy"] ?? "", location.origin).href;
    const text = await navigator.clipboard.writeText(address).then(
      () => "Copied.",
      () => "The browser refuses. Copy the address of the link.",
    );
    if (said) said.textContent = text;
  });
}

export {};
