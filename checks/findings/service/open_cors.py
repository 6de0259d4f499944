"""S607 open-cors."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.service.context import context_of


class OpenCors(Finding):
    """Any website can read the server's answers in a visitor's browser.

    What it means
    -------------
    Browsers keep the scripts of one site from reading the answers of other servers, unless those
    allow it by CORS headers. This server allows it to every site.

    - With credentials: a script reads what the visitor sees when logged in.
    - Without: a script reads what anyone sees without a login. On a server on loopback or in a
      private network, that can be private data.

    How it is detected
    ------------------
    A page was requested with the header `Origin: https://origin.invalid`, a site that cannot
    exist. With credentials: the answer has that origin in Access-Control-Allow-Origin, and
    Access-Control-Allow-Credentials: true. Without: it has the origin, or `*`. Browsers reject
    `*` together with credentials, so that counts as `*`.

    It is a warning with credentials, and if the service needs no login. `*` alone is a notice,
    because it is right for public data.

    Why it happens
    --------------
    - A development server allows all origins, so that a front end on another port can use it.
    - The server copies the origin of each request into its answer.

    What to do
    ----------
    List the origins that need the answers, and allow only those. An origin is scheme, host and
    port: `http://localhost:5173`. If no other site needs them, remove the CORS headers. Each
    server has its setting:

    - Express with cors: `cors({ origin: ["http://localhost:5173"] })`
    - FastAPI: `allow_origins=["http://localhost:5173"]` in CORSMiddleware
    - Flask-CORS: `CORS(app, origins=["http://localhost:5173"])`
    - Django with django-cors-headers: `CORS_ALLOWED_ORIGINS`, and no `CORS_ALLOW_ALL_ORIGINS`
    - Spring: `@CrossOrigin(origins = "http://localhost:5173")`
    - Vite: `server.cors`, whose default allows only loopback origins (6.0.9 and later)
    - Ollama: `OLLAMA_ORIGINS`
    - nginx: `add_header Access-Control-Allow-Origin` with one origin, not `*` or `$http_origin`

    During development, a proxy needs no CORS at all: in Vite, `server.proxy` sends `/api` to the
    other port, and the browser sees one origin.

    Then restart the server and test it. Its answer should have no Access-Control-Allow-Origin for
    a foreign origin:

    - Linux: `curl -si -H "Origin: https://origin.invalid" http://127.0.0.1:62893/`
    - macOS: the same command
    - Windows: `curl.exe -si -H "Origin: https://origin.invalid" http://127.0.0.1:62893/`

    CORS does not stop a site from sending requests. Against those, check the Origin header or use
    a token.

    Guide
    -----
    troubleshooting/cors/#allow-the-origin

    Sources
    -------
    - Fetch standard, CORS protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
    - Fetch standard, CORS protocol and credentials:
      https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    - RFC 6454, the web origin concept: https://www.rfc-editor.org/info/rfc6454
    - Express, cors middleware: https://expressjs.com/en/resources/middleware/cors.html
    - FastAPI, CORS: https://fastapi.tiangolo.com/tutorial/cors/
    - Spring, CORS: https://docs.spring.io/spring-framework/reference/web/webmvc-cors.html
    - Vite, server.cors and server.proxy: https://vite.dev/config/server-options.html
    - MDN, Cross-Origin Resource Sharing: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS
    """

    code = "S607"
    slug = "open-cors"
    severity = "warning"
    title = "Any website can read the answers"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where CORS headers let a foreign origin read."""
        found = context_of(subject)
        if found is None:
            return None
        identity = found.identity
        severity = None
        if "open-cors" in identity.traits:
            what = "with the visitor's credentials"
        elif "any-origin" in identity.traits:
            what = "as anyone without a login sees them"
            severity = None if identity.authentication == "none" else "notice"
        else:
            return None
        text = (
            f"{speech.who(identity)} on {found.here} lets any website read its answers, {what}"
            " (CORS)."
        )
        fixes = settings.fix("CORS", found.identity)
        return Match(text, found.fixes(fixes), found.evidence(), severity)
