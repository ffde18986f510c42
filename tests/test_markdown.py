"""Markdown as authors write it: what it becomes, and what is complained of."""

import re
from html import unescape
from pathlib import Path
from textwrap import indent

import pytest
from clone import NODE, Clone, with_section

from gradlet.setup import SetupError
from gradlet.typesetting import Broken, Formula, Typesetter

FIRST_LINE = 12  # of the text of the Background


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def html(clone: Clone, background: str) -> str:
    clone.add(text=with_section("Background", background))
    return next(one for one in clone.read() if one.slug == "softmax").sections[0].html


def found(clone: Clone, background: str) -> list[tuple[int, str]]:
    """Complaints by the line within the background, from 1."""
    clone.add(text=with_section("Background", background))
    return [(one.line - FIRST_LINE + 1, one.problem) for one in clone.complaints()]


# --- mathematics ------------------------------------------------------------------------


def test_formulas_are_html_and_mathml(clone: Clone) -> None:
    out = html(clone, "So $x^2$ is\n\n$$\ny = x\n$$\n")
    assert out.count('<span class="katex-html"') == 2
    assert out.count("<math ") == 2
    assert out.count('display="block"') == 1
    opening = '<div class="formula" tabindex="0" role="group" aria-label="Formula 1">'
    assert opening in out


def test_display_formula_inside_a_paragraph(clone: Clone) -> None:
    out = html(clone, "Thus $$x = 1$$ holds,\n$$\ny\n$$\nas said.")
    assert out.count('<span class="formula" tabindex="0"') == 2
    assert "<div" not in out


@pytest.mark.parametrize(
    "prose",
    [
        "It costs $5 and $6.",
        "From $5, or US$6 to US$7.",
        "Even 5$ or 6$ more.",
        r"It costs \$x and \$y.",
        "The rapper A$AP and a lone $",
        "Set `$HOME` and `$x`.",
    ],
)
def test_dollars_that_are_money(clone: Clone, prose: str) -> None:
    assert "katex" not in html(clone, prose)


@pytest.mark.parametrize("prose", ["$x$ is 5", "$x$", "($x$)", "a$x$b", r"\\$x$", "$a$$b$"])
def test_dollars_that_are_formulas(clone: Clone, prose: str) -> None:
    assert "<math" in html(clone, prose)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb $x is", [2]),
        ("a\n$$\nx", [2]),
        ("$$\nx\n\ny\n$$", [1, 5]),
        ("$ x_i $ is", [1]),
        ("2$x$", [1]),
        ("- a\n- b\n  $\\alpha", [3]),
        ("**bold $x** and [link $y](https://a.b)", [1]),
        ("| a |\n|---|\n| $x |", [3]),
    ],
)
def test_dollars_that_should_be_formulas(clone: Clone, text: str, lines: list[int]) -> None:
    complaints = found(clone, text)
    assert [line for line, _ in complaints] == lines
    assert all("begins no formula" in problem for _, problem in complaints)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb \\(x\\)", [2]),
        ("\\[\nx\n\\]", [1]),
        ("Thus\n\n\\begin{align}\nx &= y \\\\\n\\end{align}", [3]),
        ("- a\n- b\n  **c \\(x\\)** [d \\[](https://a.b)", [3, 3]),
        ("| a |\n|---|\n| \\(x\\) |", [3]),
    ],
)
def test_tex_without_dollars(clone: Clone, text: str, lines: list[int]) -> None:
    complaints = found(clone, text)
    assert [line for line, _ in complaints] == lines
    assert all("begins no formula" in problem for _, problem in complaints)
    assert all("write $...$" in complaint.fix for complaint in clone.complaints())


@pytest.mark.parametrize(
    "text",
    [
        r"`\(x\)` and `\begin{align}`",
        "```text\n\\[ x \\]\n```",
        r"a \\(b) and \\[1]",
        r"$\begin{matrix} \text{\(x\)} \end{matrix}$",
        "$$\n\\begin{matrix}\nx\n\\end{matrix}\n$$",
        r"the \beginning \* \] \)",
    ],
)
def test_tex_and_brackets_that_are_meant(clone: Clone, text: str) -> None:
    assert html(clone, text)


@pytest.mark.parametrize("name", ["math", "latex", "tex"])
def test_code_blocks_that_are_meant_as_formulas(clone: Clone, name: str) -> None:
    problem = f"a code block of the language {name!r} is no formula"
    assert found(clone, f"a\n\n```{name}\nx^2\n```") == [(3, problem)]
    assert clone.complaints()[0].fix.startswith("write $$...$$ in its place")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (r"$\foo$", 1, "Undefined control sequence: \\foo"),
        ("a $x$\nb `c\nd` $x$ and\n**e $x^{$**", 4, "Expected '}'"),
        ("$$\na\n\\foo\n$$", 3, "\\foo"),
        ("Thus\n$$a\n\\foo$$", 3, "\\foo"),
        ("> - x\n>   y\n>\n>   $$\n>   \\foo\n>   $$", 5, "\\foo"),
        ("| a |\n|---|\n| b |\n| $\\foo$ |", 4, "\\foo"),
        ("### On $\\foo$", 1, "\\foo"),
        ("[see\n$\\foo$](https://a.b)", 2, "\\foo"),
        (r"$\frac{a}$", 1, "Unexpected end of input"),
        (r"$\href{javascript:alert(1)}{x}$", 1, r"\href is not allowed"),
        (r"$\includegraphics{https://a.b/c.png}$", 1, r"\includegraphics is not allowed"),
        (r"$\htmlId{a}{b}$", 1, "HTML extension"),
        ("$x — y$", 1, "Unrecognized Unicode character"),
    ],
)
def test_broken_formulas(clone: Clone, text: str, line: int, words: str) -> None:
    ((where, problem),) = found(clone, text)
    assert where == line
    assert problem.startswith("KaTeX cannot render this formula: ")
    assert words in problem
    assert "strict mode is set" not in problem


def test_a_formula_is_rendered_once() -> None:
    typesetter = Typesetter(NODE)
    good, bad = Formula("x", False), Formula("a\n\\foo", True)
    typesetter.render_all([good, bad, good])
    typesetter._node = "no such program"
    typesetter.render_all([bad, good])
    assert b"<math" in typesetter.html(good)
    assert typesetter.broken(good) is None
    broken = typesetter.broken(bad)
    assert broken == Broken("Undefined control sequence: \\foo, at '\\\\foo'", 1)
    with pytest.raises(ValueError, match="foo"):
        typesetter.html(bad)


def test_nothing_in_a_text_is_taken_for_the_mark_of_a_formula(clone: Clone) -> None:
    nul = "\0001x\0 and `\0000x\0` and [a](https://a.b/\0)"
    out = html(clone, f"{nul} and &#0;1x&#0; and &#x0;\n\n```\n{nul}\n```\n\n    {nul}\n\n$x$")
    assert out.count("<math") == 1
    assert "\0" not in out


def test_equal_formulas_lie_in_memory_once(clone: Clone) -> None:
    for slug in ("softmax", "log-softmax"):
        clone.add(slug, with_section("Background", f"The formula $e^x$ in {slug}"))
    first, second = (one.sections[0] for one in clone.read())
    assert first.html != second.html
    assert first.parts[1] is second.parts[1]


def test_thousands_of_formulas_keep_their_order() -> None:
    typesetter = Typesetter(NODE)
    formulas = [Formula(f"x_{{{i}}}" if i % 7 else "{", False) for i in range(4321)]
    typesetter.render_all(formulas)
    for i, formula in enumerate(formulas):
        assert (
            typesetter.broken(formula)
            if i % 7 == 0
            else f">{i}<" in typesetter.html(formula).decode()
        )


def test_no_node(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="Install Node"):
        Typesetter(tmp_path / "node").render_all([Formula("x", False)])


def test_failing_node() -> None:
    with pytest.raises(SetupError, match="npm ci"):
        Typesetter("false").render_all([Formula("x", False)])


# --- hostile text -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<div onclick=alert(1)>\n\nx\n\n</div>",
        "[a](javascript:alert(1))",
        "![a](javascript:alert(1))",
        "[a](vbscript:x) [b](data:text/html,x)",
        "```\n</code><script>\n```",
        "```python\n</code><script>\n```",
        "    </code><script>",
        "`<script>`",
        "$<script>$",
        "### <script> onload=x",
        '| <b onclick="x"> |\n|---|\n| <script> |',
        "> [!NOTE]\n> <script>",
        "[a](https://a.b/?\"onclick='x'<script>)",
        '[a](https://a.b "\\" onclick=alert(1) <script>")',
        '![" onerror=alert(1) <script>](a.svg)',
    ],
)
def test_hostile_markdown_comes_out_as_text(clone: Clone, text: str) -> None:
    clone.write("problems/a.svg", "<svg/>")
    out = html(clone, text)
    tags = re.findall(r"<(?![/!])([a-z0-9]+)((?:[^>\"]|\"[^\"]*\")*)>", out)
    assert not {"script", "b", "iframe"} & {name for name, _ in tags}
    for _, attributes in tags:
        outside_quotes = re.sub(r'"[^"]*"', '""', attributes)
        assert not re.search(r"\bon\w+=", outside_quotes)
        assert "javascript:" not in attributes
        assert "data:" not in attributes


def test_hostile_title_is_only_text(clone: Clone) -> None:
    clone.add(text=with_section("Background", "x").replace("title: TITLE", "title: <b>x</b>"))
    assert clone.read()[0].title == "<b>x</b>"  # templates escape it


def test_hostile_hint(clone: Clone) -> None:
    clone.add(text=with_section("Background", "x") + "\n## Hints\n\n- <script>\n")
    assert clone.read()[0].hints == ("<p>&lt;script&gt;</p>\n",)


# --- code, tables, callouts, headings ---------------------------------------------------


def test_code_is_highlighted_and_scrolls_by_keyboard(clone: Clone) -> None:
    out = html(clone, "```python\nx = '<b>'\n```\n\n```text\na\n```\n\n```\nb\n```")
    assert out.startswith(
        '<div class="code" tabindex="0" role="region" aria-label="Python code 1">'
        """<pre><code>x = <span class="tok-string">'&lt;b&gt;'</span>\n</code></pre></div>"""
    )
    assert "style=" not in out
    labels = re.findall('aria-label="(.*?)"', out)
    assert len(set(labels)) == 3


def test_python_looks_as_in_the_editor_and_loses_nothing(clone: Clone) -> None:
    code = ">>> @f  # \u00e9\n... def g(a: int = 1) -> 'b':\n...     return {not a}\n\narray([1])\n"
    clone.add(
        text=with_section("Background", "x") + f"\n## Hints\n\n- ```py\n{indent(code, '  ')}  ```\n"
    )
    (hint,) = clone.read()[0].hints
    assert unescape(re.sub("<[^>]*>", "", hint)) == code + "\n"
    for shown in (
        '<span class="tok-comment"># \u00e9</span>',
        '<span class="tok-variableName tok-definition">g</span>',
        '<span class="tok-keyword">return</span>',
    ):
        assert shown in hint


def test_other_languages_have_colours_too(clone: Clone) -> None:
    assert '<span class="kc">true</span>' in html(clone, "```json\ntrue\n```")


def test_unknown_language(clone: Clone) -> None:
    assert found(clone, "a\n\n```pyton\nx\n```") == [
        (3, "unknown language 'pyton' of a code block")
    ]


def test_table_scrolls_by_keyboard(clone: Clone) -> None:
    out = html(clone, "| a | b |\n|---|---|\n| `c\\|d` | $e \\mid f$ |")
    assert out.startswith('<div class="table" tabindex="0" role="region" aria-label="Table 1">')
    assert out.endswith("</table></div>\n")
    assert "<code>c|d</code>" in out


def test_row_with_too_many_cells(clone: Clone) -> None:
    complaints = found(clone, "| a | b |\n|---|---|\n| c | d |\n| `e|f` | g |")
    assert [line for line, _ in complaints] == [4]
    assert "more cells" in complaints[0][1]


def test_callouts(clone: Clone) -> None:
    assert '<div class="markdown-alert markdown-alert-tip"' in html(clone, "> [!TIP]\n> Sum.")


@pytest.mark.parametrize("text", ["> [!TIPP]\n> x", "> [!TIP] x"])
def test_broken_callouts(clone: Clone, text: str) -> None:
    clone.add(text=with_section("Background", text))
    (complaint,) = clone.complaints()
    assert complaint.line == FIRST_LINE
    assert "> [!TIP]" in complaint.fix


def test_headings_have_distinct_anchors(clone: Clone) -> None:
    out = html(clone, "### The trick\n\nx\n\n### The trick\n\n### $x$ & `y`")
    assert re.findall('id="(.*?)"', out) == [
        "background-the-trick",
        "background-the-trick-2",
        "background-x-y",
    ]


# --- links and images -------------------------------------------------------------------


def test_links(clone: Clone) -> None:
    clone.add("log-softmax")
    out = html(
        clone, "[a](log-softmax.md) [b](./softmax.md) <https://a.b> [c][c]\n\n[c]: http://d.e"
    )
    assert re.findall("<a .*?>", out) == [
        '<a href="../log-softmax/">',
        '<a href="../softmax/">',
        '<a href="https://a.b" rel="noopener">',
        '<a href="http://d.e" rel="noopener">',
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n[b](sofmax.md)", 2, "the link leads to sofmax.md, which is no problem"),
        ("[b](../index.html)", 1, "leads nowhere"),
        ("[b](//a.b)", 1, "leads nowhere"),
        ("[b](mailto:a@b.c)", 1, "leads nowhere"),
        ("[b](#input)", 1, "leads nowhere"),
        ("[b](softmax.md#input)", 1, "leads nowhere"),
        ("[b]()", 1, "leads nowhere"),
        ("a\n![](a.svg)", 2, "has no text"),
        ("a\n\n- b\n  ![c](b.svg)", 4, "problems/b.svg does not exist"),
        ("![c](https://a.b/c.png)", 1, "not a file inside problems/"),
        ("![c](//a.b/c.png)", 1, "not a file inside problems/"),
        ("![c](/c.png)", 1, "not a file inside problems/"),
        ("![c](../c.png)", 1, "not a file inside problems/"),
        ("![c](data:image/png;base64,xx)", 1, "not a file inside problems/"),
        ("![c](%2Fetc%2Fhostname)", 1, "not a file inside problems/"),
        ("![c](%2e%2e/c.png)", 1, "not a file inside problems/"),
        ("![c](https%3A//a.b/c.png)", 1, "not a file inside problems/"),
        ("![c]()", 1, "not a file inside problems/"),
    ],
)
def test_broken_links_and_images(clone: Clone, text: str, line: int, words: str) -> None:
    clone.write("problems/a.svg", "<svg/>")
    ((where, problem),) = found(clone, text)
    assert where == line
    assert words in problem


def test_images(clone: Clone) -> None:
    clone.write("problems/figures/a b.svg", "<svg/>")
    out = html(clone, "![The *curve* $x$](<figures/a b.svg>) ![Again](./figures/a%20b.svg)")
    src = 'src="../figures/a%20b.svg"'
    assert f'<img {src} alt="The curve x" loading="lazy">' in out
    assert f'<img {src} alt="Again" loading="lazy">' in out
    assert clone.read()[0].images == (Path("problems/figures/a b.svg"),)


# --- figures ----------------------------------------------------------------------------


def test_figure_is_its_still_picture_until_a_script_takes_its_place(clone: Clone) -> None:
    clone.write("site/figures/slope.ts", "")
    clone.write("problems/figures/slope.svg", "<svg/>")
    out = html(clone, '```figure slope\nA line that <rises>\nto the "right".\n```\n')
    text = "A line that &lt;rises&gt; to the &quot;right&quot;."
    image = f'<img src="../figures/slope.svg" alt="{text}">'
    assert out == f'<figure class="play" data-figure="slope">{image}</figure>\n'
    (problem,) = clone.read()
    assert problem.figures == ("slope",)
    assert problem.images == (Path("problems/figures/slope.svg"),)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n\n```figure\nb\n```", 3, "this figure has no name"),
        ("```figure Slope!\nb\n```", 1, "this figure has no name"),
        ("```figure slope\n\n```", 1, "has no text for those who cannot see it"),
        ("```figure slop\nb\n```", 1, "there is no figure 'slop'"),
        ("```figure curve\nb\n```", 1, "problems/figures/curve.svg does not exist"),
    ],
)
def test_broken_figures(clone: Clone, text: str, line: int, words: str) -> None:
    for name in ("slope", "curve"):
        clone.write(f"site/figures/{name}.ts", "")
    clone.write("problems/figures/slope.svg", "<svg/>")
    clone.write("problems/figures/slop.svg", "<svg/>")
    ((where, problem),) = found(clone, text)
    assert where == line
    assert words in problem
