"""Takes the pictures in docs/screenshots/ (`make screenshots`): each page in each of its states.

Git keeps a few of them (.gitignore says which); the others are there to be looked at.
"""

import tempfile
from pathlib import Path

from page import ProblemPage, held_back
from PIL import Image
from plain_server import hosting
from playwright.sync_api import Browser, sync_playwright

from gradlet.publish import build
from gradlet.setup.browser import ensure_browser, launch_flags

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screenshots"
SLUG = "cross-entropy-gradient"
RIGHT = (ROOT / "reference" / "cross_entropy_gradient.py").read_text(encoding="utf-8")
WRONG = """import numpy as np


def cross_entropy_grad(logits, target):
    exponentials = np.exp(logits - logits.max())
    gradient = exponentials / exponentials.sum()
    gradient[target] += 1
    return gradient
"""
ERROR = WRONG.replace("gradient[target] += 1", "gradient[goal] -= 1")
LOOP = WRONG.replace("    gradient[target] += 1\n", "    while True:\n        pass\n")
SIZES = {"wide": (1366, 860), "phone": (390, 844)}
SCALE = 1.5
COLOURS = 128  # of a picture: a page has few


def take(browser: Browser, address: str, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=SCALE,
        service_workers="block",  # one would have Python kept when it is to be missing
    )
    learner = ProblemPage(context.new_page(), address)
    page = learner.page

    def shoot(state: str) -> None:
        page.wait_for_timeout(200)  # for smooth scrolling and fonts
        path = OUT / f"{state}-{size}-{scheme}.png"
        page.screenshot(path=path)
        picture = Image.open(path).convert("RGB")
        # Without kmeans what few pixels have is lost, such as the colour of a keyword.
        picture.quantize(COLOURS, kmeans=1).save(path, optimize=True)

    page.goto(address)
    shoot("start")
    page.goto(f"{address}?q=nothing-at-all")
    shoot("start-nothing-found")
    page.goto(f"{address}404.html")
    shoot("missing")
    page.goto(f"{address}fr/problems/{SLUG}/")
    shoot("french")

    with held_back(page, "**/*.wasm"):
        learner.open(SLUG, wait=False)
        page.wait_for_timeout(1500)
        shoot("loading")
    learner.wait_for("ready")

    for state, code in {"failed": WRONG, "error": ERROR, "passed": RIGHT}.items():
        learner.run(code)
        shoot(state)
    page.get_by_text("More", exact=True).click()
    shoot("menu")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Settings").click()
    shoot("settings")
    page.keyboard.press("Escape")
    page.goto(address)
    shoot("start-solved")
    page.get_by_role("button", name="Save my work").click()
    shoot("start-saving")
    learner.open(SLUG)
    learner.paste(LOOP)
    learner.press_run()
    learner.wait_for("running")
    shoot("running")
    page.get_by_role("button", name="Stop").click()
    learner.wait_for("ready")
    shoot("stopped")

    page.route("**/*.wasm", lambda route: route.abort())
    page.reload()
    learner.wait_for("broken")
    if size == "phone":
        page.get_by_role("link", name="Tests").click()
    shoot("broken")
    context.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(ROOT, Path(folder))
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=launch_flags())
        with hosting(Path(folder), "") as host:
            for size in SIZES:
                for scheme in ("light", "dark"):
                    take(browser, host.address, size, scheme)
        browser.close()


if __name__ == "__main__":
    main()
