"use strict";

// A session's writes must prove that they come from our own page.
function csrfToken() {
  const pair = document.cookie.split("; ").find((part) => part.startsWith("csrf_token="));
  return pair ? decodeURIComponent(pair.slice("csrf_token=".length)) : "";
}

function showMatching(text) {
  const wanted = text.trim().toLowerCase();
  for (const section of document.querySelectorAll(".opblock-tag-section")) {
    const tag = section.querySelector(".opblock-tag").dataset.tag.toLowerCase();
    let any = false;
    for (const operation of section.querySelectorAll(".opblock")) {
      const matches = `${tag} ${operation.textContent}`.toLowerCase().includes(wanted);
      operation.hidden = !matches;
      any ||= matches;
    }
    section.hidden = !any;
  }
}

window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (!["GET", "HEAD"].includes((request.method || "GET").toUpperCase())) {
      request.headers["X-CSRF-Token"] = csrfToken();
    }
    return request;
  },
});

// Operations are drawn late and drawn again when a section is opened: what was searched for stays searched for.
const search = document.getElementById("search");
search.addEventListener("input", () => showMatching(search.value));
new MutationObserver(() => showMatching(search.value)).observe(document.getElementById("reference"), {
  childList: true,
  subtree: true,
});
