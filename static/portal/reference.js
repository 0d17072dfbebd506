"use strict";

// The key a reader types in stays in this page.
window.ui = SwaggerUIBundle({
  url: document.getElementById("reference").dataset.url,
  dom_id: "#reference",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
