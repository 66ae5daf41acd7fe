// A page that the browser kept when the user left may show an old policy, or a token. It is asked for again, by GET: a
// reload would send the form of the page once more.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.pathname + location.search);
});

export {};
