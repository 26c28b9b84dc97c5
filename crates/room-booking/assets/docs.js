// Shows the API's own document. The key stays in this page's memory.
window.addEventListener("load", () => {
  const base = document.body.dataset.base;
  SwaggerUIBundle({
    url: base + "/api/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    displayRequestDuration: true,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    // The page may be open under another name of the server than PUBLIC_URL says.
    requestInterceptor: (request) => {
      const url = new URL(request.url, location.href);
      request.url = location.origin + url.pathname + url.search;
      return request;
    },
  });
});
