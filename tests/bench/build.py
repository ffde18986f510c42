"""`make bench-build`: the time and memory that a build of many problems takes, beside MkDocs.

MkDocs, a generator of documentation, gets the same markdown, as many pages of it. It renders no
formulas and checks no tests; it is there to say what pages cost elsewhere.
"""

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

from bench import document
from gradlet.cache_folder import cache
from gradlet.catalogue import Catalogue
from gradlet.memory import Memory
from gradlet.publish import build
from gradlet.setup.node import find_node

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "performance" / "build.json"
MODELS = [file for file in sorted((ROOT / "problems").glob("*.md")) if "." not in file.stem]
SIZES = (250, 500, 1000)
CHANGES = 15
SHORT = 10  # characters of a formula that other problems have too
MKDOCS = "mkdocs==1.6.1"
ONCE = """
import sys; from pathlib import Path; from gradlet.publish import build
build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def generate(root: Path, count: int) -> None:
    """A clone with `count` problems, each with formulas and code that are in no other one."""
    shutil.copytree(ROOT / "site", root / "site")
    for name in ("node_modules", "requirements.lock"):
        (root / name).symlink_to((ROOT / name).resolve())
    for folder in ("hidden_tests", "reference"):
        (root / folder).mkdir()
    shutil.copytree(ROOT / "problems", root / "problems", ignore=shutil.ignore_patterns("*.md"))
    for number in range(count):
        write_problem(root, MODELS[number % len(MODELS)], number)


def write_problem(root: Path, model: Path, number: int, change: str = "") -> None:
    name, new = model.stem.replace("-", "_"), f"generated_{number}"
    text = model.read_text(encoding="utf-8")
    text = re.sub(r"\$\$?(?=\S|\n)(.+?)\$", lambda m: own_formula(m, number), text, flags=re.DOTALL)
    text = re.sub(r"^```python\n.*", rf"\g<0>  # {number}", text, flags=re.M)
    text = re.sub(r"^title: .*", f"title: Generated {number}", text, count=1, flags=re.M)
    text = re.sub(r"^prerequisites: .*\n", "", text, flags=re.M)
    text = re.sub(r"\]\([a-z0-9-]+\.md", "](generated-0.md", text)
    text = text.replace("\n## Background\n", f"\n## Background\n\n{change}\n", 1)
    files = {
        f"problems/generated-{number}.md": text,
        f"hidden_tests/test_{new}.py": (ROOT / f"hidden_tests/test_{name}.py").read_text("utf-8"),
        f"reference/{new}.py": (ROOT / f"reference/{name}.py").read_text("utf-8"),
    }
    for path, content in files.items():
        (root / path).write_text(content.replace(name, new), encoding="utf-8")


def own_formula(match: re.Match[str], number: int) -> str:
    """The formula with an invisible mark, since equal formulas are rendered only once.

    Short ones stay as they are: every problem speaks of the same $x$ and $n$.
    """
    if len(match[1]) < SHORT:
        return match[0]
    return match[0].replace(match[1], f"{match[1].rstrip()}\\kern0.{number:05d}em ".rstrip(), 1)


def timed(command: list[str], cwd: Path) -> tuple[float, float]:
    """Seconds, and the megabytes that the command or a child of it held at most."""
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, *command],
        cwd=cwd,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
    )
    return time.perf_counter() - start, int(done.stdout.split()[-1]) / 1024


def whole(folder: Path, count: int, mkdocs: Path) -> dict[str, Any]:
    """A first build, and one with nothing to do, each in a process of its own."""
    root = folder / "clone"
    root.mkdir()
    generate(root, count)
    ours = [sys.executable, "-c", ONCE, str(root), str(folder / "out")]
    seconds, megabytes = timed(ours, root)
    again, _ = timed(ours, root)
    documents = folder / "mkdocs"
    (documents / "docs").mkdir(parents=True)
    for file in (root / "problems").glob("*.md"):
        shutil.copy(file, documents / "docs" / file.name)
    (documents / "mkdocs.yml").write_text("site_name: peer\n")
    theirs, memory = timed([str(mkdocs), "build", "--quiet"], documents)
    return {
        "gradlet": {"seconds": seconds, "again": again, "megabytes": megabytes},
        "mkdocs": {"seconds": theirs, "megabytes": memory},
    }


def changes(root: Path, out: Path) -> dict[str, Any]:
    """One problem changed, again and again, as the development server builds it."""
    catalogue, memory = Catalogue(root, find_node()), Memory()
    build(root, out, catalogue=catalogue, memory=memory, development=True)
    seconds, megabytes = [], []
    for number in range(CHANGES):
        write_problem(root, MODELS[0], 0, f"Change {number}: $x_{{{number}}}$.")
        start = time.perf_counter()
        build(root, out, catalogue=catalogue, memory=memory, development=True)
        seconds.append(time.perf_counter() - start)
        megabytes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return {
        "seconds": sorted(seconds)[CHANGES // 2],
        "slowest": max(seconds),
        "megabytes": [megabytes[0], megabytes[-1]],
    }


def ensure_mkdocs() -> Path:
    """MkDocs in an environment of its own, in the cache: no part of the project."""
    folder = cache() / "bench-mkdocs"
    program = folder / "bin" / "mkdocs"
    if not program.is_file():
        venv.create(folder, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", MKDOCS]
        subprocess.run(pip, check=True)
    return program


def main() -> None:
    mkdocs = ensure_mkdocs()
    results: dict[str, Any] = {}
    for count in SIZES:
        with tempfile.TemporaryDirectory() as name:
            print(f"building {count} problems", file=sys.stderr, flush=True)
            results[str(count)] = whole(Path(name), count, mkdocs)
            if count == SIZES[-1]:
                results["change"] = changes(Path(name, "clone"), Path(name, "development"))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    text = document.markdown(table(results))
    print(text)
    document.put("build", text)


def table(results: dict[str, Any]) -> list[list[str]]:
    rows = [["", *(f"{count} problems" for count in SIZES)]]
    builds = [results[str(count)] for count in SIZES]
    for name, side, key, unit in (
        ("Gradlet, the first build", "gradlet", "seconds", "s"),
        ("Gradlet, nothing changed, a new process", "gradlet", "again", "s"),
        ("Gradlet, memory at most", "gradlet", "megabytes", "MB"),
        ("MkDocs, the first build", "mkdocs", "seconds", "s"),
        ("MkDocs, memory at most", "mkdocs", "megabytes", "MB"),
    ):
        digits = 1 if unit == "s" else 0
        rows.append([name, *(f"{build[side][key]:.{digits}f} {unit}" for build in builds)])
    change = results["change"]
    blank = [""] * (len(SIZES) - 1)
    times = f"{change['seconds']:.2f} s (at most {change['slowest']:.2f} s)"
    memory = " MB, then ".join(f"{megabytes:.0f}" for megabytes in change["megabytes"])
    rows.append(["Gradlet, one changed", *blank, times])
    rows.append(
        [f"Gradlet, memory after the first and after {CHANGES} changes", *blank, f"{memory} MB"]
    )
    return rows


if __name__ == "__main__":
    main()
