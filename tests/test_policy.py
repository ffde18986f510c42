"""The policy: in every page before all else, and in `_headers` for hosts that read it."""

import re
from pathlib import Path

from gradlet.policy import FOR_EVER, HEADERS, POLICY, cache_control


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split("; "))}


def test_it_allows_what_the_site_needs_and_no_more() -> None:
    policy = directives(POLICY)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["connect-src"] == ["'self'"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    sources = {source for each in policy.values() for source in each}
    assert sources <= {
        "'none'",
        "'self'",
        "'wasm-unsafe-eval'",
        "'unsafe-inline'",
        "blob:",
        "data:",
    }
    assert [name for name in policy if "'unsafe-inline'" in policy[name]] == ["style-src"]
    assert "frame-ancestors" not in policy, "courses show problems in frames"


def test_every_page_begins_with_it(dist: Path) -> None:
    pages = list(dist.rglob("*.html"))
    assert len(pages) > 2
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = re.search(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', text)
        assert found, page
        assert found[1].replace("&#39;", "'") == POLICY
        first = re.search("<(script|link|style|img)", text)
        assert first
        assert found.start() < first.start(), page


def test_headers_for_hosts_that_read_them(dist: Path) -> None:
    rules: dict[str, dict[str, str]] = {}
    for line in (dist / "_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            headers = rules.setdefault(line, {})
        else:
            name, _, value = line.strip().partition(": ")
            headers[name] = value
    assert rules["/*"] == HEADERS
    assert rules["/assets/*"] == rules["/runtime-*"] == {"Cache-Control": FOR_EVER}


def test_only_what_has_a_hash_in_its_name_is_kept_for_ever() -> None:
    assert cache_control("/assets/style-HASH.css") == FOR_EVER
    assert cache_control("/runtime-0123456789/pyodide.mjs") == FOR_EVER
    for path in ("/", "/problems/softmax/", "/problems/assets/", "/assets", "/runtime"):
        assert cache_control(path) == "no-cache"
