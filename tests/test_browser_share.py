"""A link that carries code: it runs nothing, overwrites nothing, and can be taken back."""

import base64
import zlib
from pathlib import Path

import pytest
from page import ProblemPage, close_dialog, open_saved_work
from playwright.sync_api import expect

CODE = "def shared():\n    return 'é <b>'\n"


def fragment(data: bytes) -> str:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(data) + packer.flush()
    return "#code=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def visit(page: ProblemPage, fragment: str, *, wait: bool = True) -> None:
    page.page.goto(f"{page.site}problems/cross-entropy-gradient/{fragment}")
    if wait:
        page.wait_for("ready")


def test_link_is_copied_and_shows_its_code_to_somebody_else(
    page: ProblemPage, first_visit: ProblemPage
) -> None:
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.open()
    page.paste(CODE)
    page.page.get_by_text("More", exact=True).click()
    page.page.get_by_role("button", name="Copy a link to this code").click()
    expect(page.page.get_by_text("The link is copied.")).to_be_visible()
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{page.site}problems/cross-entropy-gradient/#code=")

    friend = first_visit
    friend.open()
    friend.paste("mine = 1\n")
    friend.page.goto(link)
    bar = friend.page.get_by_role("region", name="Code from a link")
    expect(bar).to_contain_text("It was not run, and yours is untouched.")
    assert friend.code.startswith("mine = 1")
    assert friend.statuses == ["idle"] * 6
    bar.get_by_role("button", name="Look at it").click()
    expect(bar.locator("pre")).to_have_text(CODE)
    assert friend.code.startswith("mine = 1"), "looking changes nothing"
    bar.get_by_role("button", name="Put it into the editor").click()
    assert friend.code.rstrip() == CODE.rstrip()
    assert friend.statuses == ["idle"] * 6, "nothing runs by itself"
    expect(friend.page.locator("#shared")).to_be_hidden()
    friend.page.keyboard.press("ControlOrMeta+z")
    assert friend.code.startswith("mine = 1"), "one step back"
    kept = friend.page.evaluate("JSON.stringify(localStorage)")
    assert "mine = 1" in kept


def test_what_was_typed_is_kept_even_after_a_reload(page: ProblemPage) -> None:
    page.open()
    page.paste("mine = 1\n")
    visit(page, fragment(CODE.encode()))
    page.page.reload()  # the same address: the link's code is asked about again
    page.page.get_by_role("button", name="Put it into the editor").click()
    page.page.reload()
    page.wait_for("ready")
    assert page.code.rstrip() == CODE.rstrip()
    attempts = page.page.evaluate(
        "JSON.parse(Object.entries(localStorage).find(([key]) => key.endsWith(':attempts'))[1])"
    )
    assert [attempt["code"] for attempt in attempts] == ["mine = 1\n"]


def test_code_of_which_no_copy_can_be_kept_is_not_replaced_by_a_links(page: ProblemPage) -> None:
    page.open()
    page.paste("mine = 1")
    visit(page, fragment(CODE.encode()))
    page.fill_storage()
    page.page.get_by_role("button", name="Put it into the editor").click()
    expect(page.page.locator("#shared-text")).to_contain_text("Nothing was replaced")
    assert page.code == "mine = 1"


def test_link_can_be_dismissed(page: ProblemPage) -> None:
    visit(page, fragment(CODE.encode()))
    starter = page.code
    page.page.get_by_role("button", name="Dismiss").click()
    assert page.code == starter
    assert "#" not in page.page.url


@pytest.mark.parametrize(
    "hostile",
    [
        "#code=",
        "#code=%%%",
        "#code=AAAA",
        fragment(CODE.encode())[:-8],
        fragment(b"\xff\xfe\x00"),
        fragment(b"a" * 100_000_000),
        fragment(b"x" * 200_001),
    ],
    ids=["empty", "no base64", "no deflate", "cut off", "no UTF-8", "a bomb", "too long"],
)
def test_link_that_is_damaged_is_said(page: ProblemPage, hostile: str) -> None:
    visit(page, hostile, wait=False)
    starter = page.code
    bar = page.page.get_by_role("region", name="Code from a link")
    expect(bar).to_contain_text("only a part of it has arrived")
    expect(bar.get_by_role("button", name="Put it into the editor")).to_be_hidden()
    assert page.code == starter


def test_work_on_one_problem_is_saved_and_opened_on_another_machine(
    page: ProblemPage, first_visit: ProblemPage
) -> None:
    page.open()
    page.paste("mine = 1\n")
    page.page.get_by_text("More", exact=True).click()
    page.page.get_by_role("button", name="Save my work").click()
    expect(page.page.get_by_text("for 1 problem, and this site")).to_be_visible()
    with page.page.expect_download() as download:
        page.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    assert "cross-entropy-gradient" in download.value.suggested_filename
    other = first_visit
    other.open()
    assert "mine" not in other.code
    other.page.get_by_text("More", exact=True).click()
    open_saved_work(other.page, Path(download.value.path()).read_text(encoding="utf-8"))
    close_dialog(other.page)
    assert other.code.rstrip() == "mine = 1"


def test_work_on_other_problems_is_opened_and_nothing_untrue_said(page: ProblemPage) -> None:
    page.open(wait=False)
    work: dict[str, object] = {
        "problem": None,
        "tests": "0" * 10,
        "code": "x = 1",
        "changed": None,
        "attempts": [],
    }
    slugs = ("softmax-from-scratch", "gelu")
    file = {"format": "gradlet-work", "version": 1, "saved": "2026-01-01T10:00:00Z"}
    file |= {"site": {"version": "1", "address": ""}, "problems": dict.fromkeys(slugs, work)}
    page.page.get_by_text("More", exact=True).click()
    said = open_saved_work(page.page, file)
    assert said == "The work on 2 problems was added to what is in this browser."
    page.wait_for("ready")


def test_link_that_cannot_be_copied_is_shown(page: ProblemPage) -> None:
    page.open(wait=False)
    refuse = "navigator.clipboard.writeText = async () => { throw new Error('not allowed'); }"
    page.page.evaluate(f"() => {{ {refuse} }}")
    page.page.get_by_text("More", exact=True).click()
    page.page.get_by_role("button", name="Copy a link to this code").click()
    link = page.page.get_by_label("Link with your code").input_value()
    assert link.startswith(f"{page.site}problems/cross-entropy-gradient/#code=")
    page.wait_for("ready")
