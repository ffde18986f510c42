"""A browser that was on the site before, and serves one test after the other."""

from dataclasses import dataclass

from page import CONTROLLED, PYTHON_IS_KEPT, ProblemPage, wait_until
from playwright.sync_api import BrowserContext

# All that a site can keep but service workers and caches, which are the site's own.
LEARNERS = "cookies,file_systems,indexeddb,local_storage"


@dataclass
class Regular:
    context: BrowserContext
    site: str

    def __post_init__(self) -> None:
        # Stays open: a browser would tidy up whenever its last page is closed.
        self.blank = self.context.new_page()
        self.debugger = self.context.new_cdp_session(self.blank)

    def keep_site(self) -> None:
        """Visit it, until the browser has kept it for the next time."""
        first = ProblemPage(self.context.new_page(), self.site)
        first.open()
        for kept in (CONTROLLED, PYTHON_IS_KEPT):
            wait_until(first.page, kept)
        self.forget_learner()
        assert first.trouble == []

    def forget_learner(self) -> None:
        """Close all pages, and with them what they keep for themselves; then clear the rest."""
        for page in self.context.pages:
            if page != self.blank:
                page.close()
        origin = "/".join(self.site.split("/")[:3])
        forget = {"origin": origin, "storageTypes": LEARNERS}
        self.debugger.send("Storage.clearDataForOrigin", forget)
        self.context.clear_permissions()
