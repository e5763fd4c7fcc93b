// The interactive description of the API: Swagger UI is there before this module runs.
const place = document.getElementById("calls");

if (place && window.SwaggerUIBundle) {
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    persistAuthorization: false,
    // Every unsafe call needs a key; whoever tries one here gets a fresh one unless they typed their own.
    requestInterceptor: (request) => {
      const safe = ["GET", "HEAD"].includes((request.method ?? "GET").toUpperCase());
      if (!safe && !request.headers["Idempotency-Key"]) request.headers["Idempotency-Key"] = crypto.randomUUID();
      return request;
    },
  });
}
