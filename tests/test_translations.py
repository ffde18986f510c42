"""Problems in another language: what a translation may change, and what becomes of it."""

import json
import shutil
from pathlib import Path

import pytest
from clone import NODE, PROBLEM, Clone

from gradlet import prerequisite_map
from gradlet.catalogue import Catalogue
from gradlet.publish import build
from gradlet.scorm import Some

ROOT = Path(__file__).resolve().parent.parent
FRENCH = PROBLEM.replace("TITLE", "Softmax en français").replace("Because.", "Parce que $x^2$.")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    made.add("softmax")
    return made


def test_a_translation_is_the_problem_in_other_words(clone: Clone) -> None:
    clone.write("problems/softmax.fr.md", FRENCH)
    (problem,) = clone.read()
    assert (problem.title, problem.language) == ("softmax", "en")
    french = problem.in_language("fr")
    assert (french.title, french.language, french.slug) == ("Softmax en français", "fr", "softmax")
    assert "Parce que" in french.sections[0].html
    assert "katex" in french.sections[0].html
    assert french.tests == problem.tests
    assert problem.in_language("de") is problem


def test_a_translation_that_changes_makes_another_problem_and_no_other(clone: Clone) -> None:
    clone.add("extra")
    clone.write("problems/softmax.fr.md", FRENCH)
    catalogue = Catalogue(clone.root)
    before = {problem.slug: problem for problem in catalogue.read()}
    assert {problem.slug: problem for problem in catalogue.read()}["softmax"] is before["softmax"]
    clone.write("problems/softmax.fr.md", FRENCH.replace("Parce", "Puisque"))
    after = {problem.slug: problem for problem in catalogue.read()}
    assert after["extra"] is before["extra"]
    assert "Puisque" in after["softmax"].in_language("fr").sections[0].html


def test_a_package_of_some_problems_needs_no_other_in_any_language(clone: Clone) -> None:
    """In the order of the author, so that packages are the same byte for byte."""
    for slug in ("first", "second", "third"):
        clone.add(slug)
    needs = "tags: [softmax, activation]\nprerequisites: [third, first, second]"
    for file, text in (("softmax", PROBLEM), ("softmax.fr", FRENCH)):
        clone.write(f"problems/{file}.md", text.replace("tags: [softmax, activation]", needs))
    some = Some(clone.root, NODE, ["softmax", "second", "third"]).read()
    assert [problem.slug for problem in some] == ["second", "third", "softmax"]
    for language in ("en", "fr"):
        texts = [problem.in_language(language) for problem in some]
        assert texts[-1].prerequisites == ("third", "second")
        drawn = prerequisite_map.draw(texts)
        assert drawn is not None
        assert {line.before for line in drawn.lines} == {"third", "second"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("difficulty: Easy", "difficulty: Hard", 3, "'difficulty' is not what it is in"),
        ("[softmax, activation]", "[softmax]", 5, "'tags' is not what it is in"),
        ("def softmax(z)", "def softmax(scores)", 39, "the starter code has 'softmax(scores)'"),
        ("def softmax", "import scipy\n\ndef softmax", 39, "'scipy' is in no package that"),
        ("Parce que $x^2$.", "[Autre](autre.md)", 12, "the link leads to autre.md"),
        ("Parce que $x^2$.", "$\\nothing$", 12, "KaTeX cannot render"),
        ("## Background", "## Contexte", 10, "unknown section 'Contexte'"),
    ],
)
def test_what_is_wrong_with_it_is_said(
    clone: Clone, old: str, new: str, line: int, said: str
) -> None:
    assert old in FRENCH
    clone.write("problems/softmax.fr.md", FRENCH.replace(old, new))
    found = [each for each in clone.found() if said in each]
    assert len(found) == 1
    assert found[0].startswith(f"problems/softmax.fr.md:{line}: ")


def test_a_translation_of_nothing_is_said(clone: Clone) -> None:
    clone.write("problems/softmx.fr.md", FRENCH)
    (complaint,) = clone.complaints()
    assert complaint.file == Path("problems/softmx.fr.md")
    assert "there is no problems/softmx.md" in complaint.problem
    assert "softmax" in complaint.fix


def test_french_pages_show_it_with_its_pictures(clone: Clone) -> None:
    text = FRENCH.replace("Parce que", "![Courbe](images/courbe.svg) Parce que")
    clone.write("problems/softmax.fr.md", text)
    clone.write("problems/images/courbe.svg", "<svg/>")
    clone.add("extra")
    shutil.copytree(ROOT / "site", clone.root / "site")
    out = clone.root / "out"
    build(clone.root, out)
    french = (out / "fr/problems/softmax/index.html").read_text("utf-8")
    assert '<h1 id="title">Softmax en français</h1>' in french
    assert '<article class="statement" aria-labelledby="title" tabindex="-1">' in french
    assert 'src="../images/courbe.svg"' in french
    assert (out / "fr/problems/images/courbe.svg").is_file()
    english = (out / "problems/softmax/index.html").read_text("utf-8")
    assert "Parce que" not in english
    index = (out / "fr/index.html").read_text("utf-8")
    assert "Softmax en français" in index
    data = json.loads(english.split('<script type="application/ld+json">')[1].split("<")[0])
    assert data["inLanguage"] == "en"
    untranslated = (out / "fr/problems/extra/index.html").read_text("utf-8")
    assert (
        '<article class="statement" aria-labelledby="title" tabindex="-1" lang="en">'
        in untranslated
    )
