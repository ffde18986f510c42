"""What a browser may do with the site's pages: one policy, sent as headers and written in pages."""

_DIRECTIVES = {
    "default-src": "'none'",
    # WebAssembly may be compiled; no text becomes a script.
    "script-src": "'self' 'wasm-unsafe-eval'",
    # A worker from a blob: address has its page's policy, from a file's only what the host sends.
    "worker-src": "'self' blob:",
    # Learners' code, pasted from a stranger, can send nothing to anybody else.
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # KaTeX and CodeMirror place things by inline styles
    "img-src": "'self' data:",  # what learners draw comes as data:
    "font-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# No frame-ancestors: a course may show a problem in a frame of its own.


POLICY = "; ".join(f"{directive} {sources}" for directive, sources in _DIRECTIVES.items())

# Cross-origin isolation is sent, too, and nothing depends on it.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FOR_EVER = "max-age=31536000, immutable"
CHECKED = "no-cache"
_HASHED = ("/assets/", "/runtime-")  # what lies there has a hash in its name


def cache_control(path: str) -> str:
    """How long a browser may keep what lies at `path`, which begins with a slash."""
    return FOR_EVER if path.startswith(_HASHED) else CHECKED


def headers_file() -> str:
    """`_headers`, as Netlify, Cloudflare Pages and others read it, for a site at the root.

    Where two rules match, such hosts join what both say: so a rule for pages names no cache.
    """
    rules = {"/*": HEADERS} | {f"{start}*": {"Cache-Control": FOR_EVER} for start in _HASHED}
    lines = [
        line
        for path, headers in rules.items()
        for line in (path, *(f"  {name}: {value}" for name, value in headers.items()))
    ]
    return "\n".join(lines) + "\n"
