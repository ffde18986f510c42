"""Setup on machines that this one is not: made of small files, a server of our own, fake programs.

Nothing here leaves the machine: the CDN is a server on loopback, PyPI is a folder that pip reads.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from gradlet.cache_folder import cache
from gradlet.setup import SetupError, browser, node, python_runtime
from gradlet.setup.python_runtime import BUNDLE_FOLDER, PURE, Pin, RuntimeFile

ROOT = Path(__file__).resolve().parent.parent
DEPENDS = {
    "numpy": [],
    "scipy": ["numpy"],
    "sympy": [],
    "plots": ["fonts", "packaging"],
    "fonts": ["colours"],
    "colours": [],
    "micropip": [],
    "packaging": [],  # both locks have it
    "lonely": [],  # only the CDN has it
}


# -- the files of the browser's Python


class Cdn:
    """A server of Pyodide's packages. `files` is what it has, `asked` what it was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.promises_more = False
        cdn = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.removeprefix("/")
                cdn.asked.append(name)
                body = cdn.files.get(name)
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body or b"") + cdn.promises_more))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:
                pass  # a test's output is not the place for a server's log

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"


class Machine:
    """A clone with two locks, a CDN and a PyPI that have what the locks say.

    The cache has the pure wheels, or each test would wait for pip.
    """

    def __init__(self, folder: Path, cdn: Cdn) -> None:
        self.root, self.cache, self.pypi, self.cdn = folder, folder / "cache", folder / "pypi", cdn
        self.compiled = {name: f"compiled {name}".encode() for name in DEPENDS}
        self.pypi.mkdir()
        pyodide = folder / "node_modules/pyodide"
        pyodide.mkdir(parents=True)
        cdn.files = {f"{name}.whl": body for name, body in self.compiled.items()}
        lock = {
            name: {
                "version": "1.0",
                "file_name": f"{name}.whl",
                "sha256": sha256(body),
                "depends": DEPENDS[name],
                "imports": [name],
            }
            for name, body in self.compiled.items()
        }
        (pyodide / "pyodide-lock.json").write_text(json.dumps({"packages": lock}))
        pins = [self.publish(name, "1.0") for name in PURE]
        self.lock(pins)
        for pin in pins:
            place = self.cache / "files" / pin.hashes[1] / wheel_name(pin)
            place.parent.mkdir(parents=True)
            place.write_bytes((self.pypi / wheel_name(pin)).read_bytes())
        self.pure = {wheel_name(pin) for pin in pins}

    def lock(self, pins: Sequence[Pin]) -> None:
        """Write these at the end of requirements.lock."""
        with (self.root / "requirements.lock").open("a") as lock:
            lock.writelines(map(lock_lines, pins))

    def publish(
        self,
        name: str,
        version: str,
        files: dict[str, bytes] | None = None,
        needs: Sequence[str] = (),
        tag: str = "py3-none-any",
    ) -> Pin:
        """Put a wheel on PyPI. As in a real lock, its hash stands among others."""
        plain = name.replace("-", "_")
        info = f"{plain}-{version}.dist-info"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for path, body in (files or {}).items():
                archive.writestr(path, body)
            archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
            fields = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
            fields += [f"Requires-Dist: {need}" for need in needs]
            archive.writestr(f"{info}/METADATA", "\n".join(fields) + "\n")
            archive.writestr(f"{info}/RECORD", "")
        (self.pypi / f"{plain}-{version}-{tag}.whl").write_bytes(buffer.getvalue())
        return Pin(name, version, (sha256(b"source archive"), sha256(buffer.getvalue())))

    def publish_bundle(self, monkeypatch: pytest.MonkeyPatch, **other: bytes) -> None:
        """Put the package with Pyodide's files on PyPI; `other` content than the lock says."""
        bodies = {**self.compiled, **other}
        bodies.pop("lonely")
        files = {f"{BUNDLE_FOLDER}{name}.whl": body for name, body in bodies.items()}
        monkeypatch.setattr(python_runtime, "BUNDLE", self.publish("open-webui", "0.12.4", files))

    def ensure(self, *packages: str) -> dict[str, RuntimeFile]:
        files = python_runtime.ensure_runtime_files(self.root, packages)
        for file in files:
            assert sha256(file.path.read_bytes()) == file.sha256
            assert file.path == self.cache / "files" / file.sha256 / file.file_name
        return {file.name: file for file in files}

    def kept(self) -> set[str]:
        """The names of all files in the cache, unfinished ones too."""
        return {path.name for path in self.cache.rglob("*") if path.is_file()}


def wheel_name(pin: Pin) -> str:
    return f"{pin.name.replace('-', '_')}-{pin.version}-py3-none-any.whl"


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def lock_lines(pin: Pin) -> str:
    hashes = " \\\n".join(f"    --hash=sha256:{sha256}" for sha256 in pin.hashes)
    return f"{pin.name}=={pin.version} \\\n{hashes}\n    # via gradlet (pyproject.toml)\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    cdn = Cdn()
    threading.Thread(target=cdn.server.serve_forever, args=(0.01,), daemon=True).start()
    machine = Machine(tmp_path, cdn)
    monkeypatch.setenv("GRADLET_CACHE", str(machine.cache))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(machine.pypi))
    monkeypatch.setattr(python_runtime, "cdn", lambda _root: cdn.address)
    yield machine
    cdn.server.shutdown()
    cdn.server.server_close()


def test_files_come_once_and_are_then_in_the_cache(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(machine.cache)
    first = machine.ensure("scipy")
    assert list(first) == sorted(["micropip", "numpy", "scipy", *PURE])
    assert first["scipy"].depends == ("numpy",)
    assert machine.cdn.asked == ["numpy.whl", "scipy.whl", "micropip.whl"]
    assert "scipy: 0.0 of 0.0 MB\n" in capsys.readouterr().err

    monkeypatch.setattr(sys, "executable", "/no/pip/any/more")
    assert machine.ensure("scipy") == first
    assert list(machine.ensure()) == sorted(["numpy", *PURE])
    assert len(machine.cdn.asked) == 3
    assert capsys.readouterr().err == ""


def test_what_a_package_depends_on_comes_with_it(machine: Machine) -> None:
    files = machine.ensure("plots")
    assert set(files) == {"micropip", "numpy", "plots", "fonts", "colours", *PURE}
    assert files["packaging"].file_name == "packaging-1.0-py3-none-any.whl"
    assert "packaging.whl" not in machine.cdn.asked


def test_a_damaged_file_is_fetched_again(machine: Machine) -> None:
    files = machine.ensure()
    for name in ("numpy", "pluggy"):
        files[name].path.write_bytes(b"half a f")
    assert machine.ensure() == files  # which checks every hash


def test_a_damaged_file_is_replaced_from_the_bundle_too(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = machine.ensure()
    files["numpy"].path.write_bytes(b"half a f")
    machine.cdn.files.clear()
    machine.publish_bundle(monkeypatch)
    assert machine.ensure() == files


def test_without_the_cdn_files_come_from_pypi(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.cdn.files.clear()
    machine.publish_bundle(monkeypatch)
    assert {"numpy", "scipy"} < set(machine.ensure("scipy"))
    assert machine.cdn.asked == ["numpy.whl"]  # after one failure, not again
    said = capsys.readouterr().err
    assert "CDN cannot be used here (HTTP Error 404: Not Found)" in said
    assert "open-webui on PyPI" in said

    (machine.pypi / wheel_name(python_runtime.BUNDLE)).unlink()
    assert "sympy" in machine.ensure("sympy")  # the bundle was kept


@pytest.mark.parametrize("broken", ["refused", "cut short", "other content"])
def test_a_cdn_that_misbehaves_is_left(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    machine.publish_bundle(monkeypatch)
    if broken == "refused":
        machine.cdn.server.server_close()
    elif broken == "cut short":
        machine.cdn.files["numpy.whl"] = machine.compiled["numpy"][:-1]
        machine.cdn.promises_more = True
    else:
        machine.cdn.files["numpy.whl"] = b"<title>Please log in to this network</title>"
    assert machine.ensure()["numpy"].path.read_bytes() == machine.compiled["numpy"]


def test_other_content_is_refused_and_not_kept(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.cdn.files["numpy.whl"] = b"evil"
    machine.publish_bundle(monkeypatch, numpy=b"evil")
    with pytest.raises(SetupError, match=r"numpy\.whl is not the file") as caught:
        machine.ensure()
    assert sha256(b"evil") in str(caught.value)
    assert sha256(machine.compiled["numpy"]) in str(caught.value)
    assert machine.kept() == machine.pure | {wheel_name(python_runtime.BUNDLE)}


def test_a_bundle_or_wheel_of_other_content_is_refused(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(machine.cache)
    pin = machine.publish("pluggy", "1.0", {"evil.py": b""})
    with pytest.raises(SetupError, match="pip could not download") as caught:
        machine.ensure()
    assert pin.hashes[1] in str(caught.value)  # pip's own words are passed on
    assert machine.kept() == {"numpy.whl"}

    monkeypatch.setattr(python_runtime, "BUNDLE", Pin("pluggy", "1.0", (sha256(b"good"),)))
    machine.cdn.files.clear()
    with pytest.raises(SetupError, match="pip could not download pluggy"):
        machine.ensure("scipy")
    assert machine.kept() == {"numpy.whl"}


def test_a_file_that_is_nowhere(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.cdn.files.clear()
    machine.publish_bundle(monkeypatch)
    with pytest.raises(SetupError, match=r"lonely\.whl is not in open-webui") as caught:
        machine.ensure("lonely")
    assert str(machine.cache / "files" / sha256(b"compiled lonely")) in str(caught.value)


def test_a_pinned_package_comes_with_what_it_needs_in_the_browser(machine: Machine) -> None:
    needs = [
        "colours>=1",
        "Tiny_Helper",
        "numpy",
        'six; sys_platform == "win32"',
        "gpu; extra=='x'",
    ]
    pins = [machine.publish("plots-more", "2.0", needs=needs, files={"plots_more/a.py": b""})]
    pins.append(machine.publish("tiny-helper", "3.1", files={"tiny_helper.py": b""}))
    machine.lock(pins)
    files = machine.ensure("plots-more==2.0")
    assert set(files) == {"micropip", "numpy", "colours", "plots-more", "tiny-helper", *PURE}
    assert files["plots-more"].depends == ("colours", "tiny-helper", "numpy")
    assert files["plots-more"].imports == ("plots_more",)
    assert files["tiny-helper"].imports == ("tiny_helper",)
    assert files["tiny-helper"].sha256 == pins[1].hashes[1]


def test_a_wheel_for_both_pythons_is_pure_too(machine: Machine) -> None:
    pin = machine.publish("Six", "1.17.0", tag="py2.py3-none-any")
    machine.lock([Pin("six", pin.version, pin.hashes)])
    assert machine.ensure("six==1.17.0")["six"].file_name == "Six-1.17.0-py2.py3-none-any.whl"


def test_a_package_that_is_not_pure_is_refused(machine: Machine) -> None:
    pin = machine.publish("fast", "1.0", tag="py3-none-linux_x86_64")
    machine.lock([pin])
    with pytest.raises(SetupError, match=r"fast 1\.0 has no wheel of pure Python"):
        machine.ensure("fast==1.0")


def test_another_file_than_the_pinned_one_is_refused(machine: Machine) -> None:
    pin = machine.publish("plain", "1.0")
    machine.lock([pin])
    machine.publish("plain", "1.0", files={"evil.py": b""})
    with pytest.raises(SetupError, match="pip could not download plain"):
        machine.ensure("plain==1.0")
    assert wheel_name(pin) not in machine.kept()


@pytest.mark.parametrize(
    ("package", "problem", "fix"),
    [
        ("scipy", None, None),
        ("plain==1.0", None, None),
        ("scipy==1.0", "Pyodide has a scipy of its own, version 1.0", "write 'scipy'"),
        ("skipy", "Pyodide has no package 'skipy'", "write 'scipy', or if it is pure Python"),
        ("xxxxxxxx", "Pyodide has no package", "make package NAME=xxxxxxxx==<version>"),
        ("plain", "requirements.lock has plain 1.0", "write 'plain==1.0', or pin it"),
        ("plain==2.0", "requirements.lock has plain 1.0", "make package NAME=plain==2.0"),
        ("other==2.0", "does not have the package 'other==2.0'", "make package NAME=other==2.0"),
    ],
)
def test_what_a_problem_may_name(
    machine: Machine, package: str, problem: str | None, fix: str | None
) -> None:
    machine.lock([machine.publish("plain", "1.0")])
    found = python_runtime.package_problem(machine.root, package)
    if problem is None or fix is None:
        assert found is None
    else:
        assert found is not None
        assert problem in found[0]
        assert fix in found[1]


def test_a_package_of_neither_lock_cannot_be_had(machine: Machine) -> None:
    with pytest.raises(SetupError, match=r"requirements\.lock has no skipy with hashes"):
        machine.ensure("skipy")


def test_make_package_writes_it_where_make_lock_looks(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    shutil.copy(ROOT / "pyproject.toml", project)
    (command,) = re.findall(r"@\$\(PY\) -m (uv add .*)", (ROOT / "Makefile").read_text("utf-8"))
    arguments = command.replace('"$(NAME)"', "einops==0.8.1").split()
    subprocess.run([sys.executable, "-m", *arguments], cwd=tmp_path, check=True)
    groups = tomllib.loads(project.read_text("utf-8"))["dependency-groups"]
    assert "einops==0.8.1" in groups["problems"]
    assert {"include-group": "problems"} in groups["dev"]
    before = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    assert [line for line in project.read_text("utf-8").splitlines() if line not in before] == [
        '  "einops==0.8.1",'
    ]


def test_a_cache_that_cannot_be_written(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    file = machine.root / "file"
    file.touch()
    monkeypatch.setenv("GRADLET_CACHE", str(file / "cache"))
    with pytest.raises(SetupError, match="Set GRADLET_CACHE to a folder"):
        machine.ensure()


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, place in (
        ("HOME", "/h", "/h/.cache/gradlet"),
        ("XDG_CACHE_HOME", "/x", "/x/gradlet"),
        ("GRADLET_CACHE", "/g", "/g"),
    ):
        for other in ("GRADLET_CACHE", "XDG_CACHE_HOME"):
            monkeypatch.delenv(other, raising=False)
        monkeypatch.setenv(name, value)
        assert cache() == Path(place)


def test_the_cdn_is_the_one_that_pyodide_names(tmp_path: Path) -> None:
    package = json.loads((ROOT / "node_modules/pyodide/package.json").read_text())
    assert python_runtime.cdn(ROOT).endswith(f"/pyodide/v{package['version']}/full/")

    folder = tmp_path / "node_modules/pyodide"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"version": "999.0.0"}')
    (folder / "pyodide.mjs").write_text("export {}")
    with pytest.raises(SetupError, match=r"pyodide\.mjs names no"):
        python_runtime.cdn(tmp_path)


def test_the_lock_pins_the_versions_that_run_natively() -> None:
    for name in PURE:
        pin = python_runtime.read_pin(ROOT, name)
        assert pin.version == version(name)
        assert len(pin.hashes) >= 2  # the wheel's, and the source archive's
        assert {len(sha256) for sha256 in pin.hashes} == {64}


def test_conditions_of_wheels_are_asked_as_in_the_browser() -> None:
    text = (ROOT / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8")
    info = json.loads(text)["info"]
    assert info["python"] == python_runtime.ENVIRONMENT["python_full_version"]
    assert info["python"].startswith(python_runtime.ENVIRONMENT["python_version"] + ".")
    assert info["platform"].startswith(python_runtime.ENVIRONMENT["sys_platform"])


def test_reading_a_lock(tmp_path: Path) -> None:
    one, two = Pin("my-pytest", "1", ("a" * 64,)), Pin("pytest", "2.0", ("b" * 64, "c" * 64))
    (tmp_path / "requirements.lock").write_text(lock_lines(one) + lock_lines(two) + "pluggy==1\n")
    assert python_runtime.read_pin(tmp_path, "pytest") == two
    for name in ("my", "pluggy"):  # not there; there without a hash
        with pytest.raises(SetupError, match="make lock"):
            python_runtime.read_pin(tmp_path, name)


# -- programs


class Programs:
    """The only folder on PATH, of small shell scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, script: str = "") -> Path:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv/python"))
    return Programs(folder)


# -- Node.js


def test_only_a_recent_node_with_npm_will_do(programs: Programs) -> None:
    def assert_none() -> None:
        with pytest.raises(SetupError, match=r"Node\.js 20 or newer, with npm, was not found"):
            node.find_node()

    assert_none()
    found = programs.add("node", "echo v20.0.0")
    assert_none()
    programs.add("npm")
    assert node.find_node() == found
    for output in ("echo v18.19.1", "echo v9.0.0", "echo hello", "exit 1"):
        programs.add("node", output)
        assert_none()
    programs.add("node", "echo v100.1.2")
    assert node.find_node() == found


def test_node_of_the_virtual_environment_goes_first(programs: Programs, tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    own = Programs(tmp_path / "venv")
    for place in (programs, own):
        place.add("npm")
        place.add("node", "echo v22.0.0")
    assert node.find_node() == tmp_path / "venv/node"
    own.add("node", "echo v18.0.0")
    assert node.find_node() == programs.folder / "node"


def test_a_missing_node_is_installed(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(programs.add("python", "exit 1")))
    with pytest.raises(SetupError, match=r"Node\.js could not be installed from PyPI"):
        node.ensure_node(tmp_path)

    write = "printf '#!/bin/sh\\necho v22.0.0\\n' > bin/$name; /bin/chmod +x bin/$name"
    install = f"for name in node npm; do {write}; done"
    programs.add("python", f"echo $* > said; {install}")
    assert node.ensure_node(tmp_path) == programs.folder / "node"
    said = (tmp_path / "said").read_text()
    assert said == "-m pip install --require-hashes -r requirements-node.lock\n"


def test_npm_packages_are_installed_when_their_lock_changes(
    programs: Programs, tmp_path: Path
) -> None:
    programs.add("node", "echo v20.0.0")
    programs.add("npm", "echo $1 >> runs; /bin/rm -rf node_modules; /bin/mkdir node_modules")
    lock, runs = tmp_path / "package-lock.json", tmp_path / "runs"
    for content, expected in (("{}", 1), ("{}", 1), ("{ }", 2), ("{ }", 2)):
        lock.write_text(content)
        node.ensure_npm_packages(tmp_path)
        assert runs.read_text() == "ci\n" * expected

    programs.add("npm", "echo its own words >&2; /bin/rm -rf node_modules; exit 7")
    lock.write_text("[]")
    for _ in range(2):  # a failure is not taken for an installation
        with pytest.raises(SetupError, match=r"exit code 7"):
            node.ensure_npm_packages(tmp_path)


# -- the browser


@pytest.fixture
def browsers(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Programs, Path]:
    """A machine without a browser, and where Playwright's own would be. Installing it fails."""
    own = tmp_path / "playwright-chromium"
    monkeypatch.delenv("GRADLET_BROWSER", raising=False)
    monkeypatch.setattr(browser, "MAC", ())
    monkeypatch.setattr(browser, "_playwrights", lambda: own)
    monkeypatch.setattr(browser, "PLAYWRIGHT", (str(programs.add("playwright", "exit 1")),))
    return programs, own


def test_which_browser_is_taken(
    browsers: tuple[Programs, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, own = browsers
    assert browser.find_browser() is None
    own.touch()
    assert browser.find_browser() == own
    for name in ("chrome", "google-chrome", "chromium"):  # each goes before those before it
        assert browser.find_browser() != programs.add(name)
        assert browser.find_browser() == programs.folder / name
    chosen = tmp_path / "chosen"
    monkeypatch.setenv("GRADLET_BROWSER", str(chosen))
    with pytest.raises(SetupError, match="chosen, which is no file"):
        browser.find_browser()
    chosen.touch()
    assert browser.ensure_browser() == chosen


def test_playwright_is_the_first_way_to_a_browser(
    browsers: tuple[Programs, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, own = browsers
    monkeypatch.setattr(browser, "_is_root", lambda: True)
    programs.add("playwright", f"echo > {own}")
    programs.add("apt-get", f"echo > {programs.folder}/apt-was-used")
    assert browser.ensure_browser() == own
    assert not (programs.folder / "apt-was-used").exists()


@pytest.mark.parametrize("update_works", [True, False])
def test_apt_is_the_second_way_for_root(
    browsers: tuple[Programs, Path], monkeypatch: pytest.MonkeyPatch, update_works: bool
) -> None:
    programs, _ = browsers
    chromium, calls = programs.folder / "chromium", programs.folder / "calls"
    install = f"echo > {chromium}; /bin/chmod +x {chromium}"
    update = "true" if update_works else "exit 100"
    programs.add("apt-get", f"echo $1 >> {calls}; [ $1 = install ] && {install} || {update}")

    monkeypatch.setattr(browser, "_is_root", lambda: False)
    with pytest.raises(SetupError, match="three ways"):
        browser.ensure_browser()
    assert not calls.exists()

    monkeypatch.setattr(browser, "_is_root", lambda: True)
    if update_works:
        assert browser.ensure_browser() == chromium
        assert calls.read_text() == "update\ninstall\n"
    else:
        with pytest.raises(SetupError, match=r"apt-get install chromium.*GRADLET_BROWSER"):
            browser.ensure_browser()
        assert calls.read_text() == "update\n"


def test_playwrights_own_is_found_while_playwright_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))

    def ask_while_it_runs() -> tuple[Path, Path]:
        with sync_playwright() as playwright:
            return browser._playwrights(), Path(playwright.chromium.executable_path)

    # In a thread of its own, for the browser tests have one running in this thread already.
    with ThreadPoolExecutor(1) as thread:
        found, expected = thread.submit(ask_while_it_runs).result()
    assert found == expected


def test_only_root_goes_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_is_root", lambda: False)
    assert browser.launch_flags() == list(browser.CHROMIUM_FLAGS)
    monkeypatch.setattr(browser, "_is_root", lambda: True)
    assert browser.launch_flags() == [*browser.CHROMIUM_FLAGS, "--no-sandbox"]


def test_standard_library_is_what_the_browsers_python_has() -> None:
    """Asked of that Python itself, which Node.js can start, too."""
    script = f"""
        import {{ loadPyodide }} from "{ROOT / "node_modules/pyodide/pyodide.mjs"}";
        const python = await loadPyodide();
        console.log(python.runPython(`
            import json, sys
            from importlib.util import find_spec
            def is_there(name):
                return name in sys.builtin_module_names or find_spec(name) is not None
            names = [name for name in sys.stdlib_module_names if not name.startswith("_")]
            json.dumps({{name: is_there(name) for name in names}})
        `));
    """
    command = [str(node.find_node()), "--input-type=module", "--eval", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    is_there = json.loads(done.stdout)
    standard = python_runtime.standard_modules(ROOT)
    assert is_there == {name: name in standard for name in is_there}
    assert not is_there["tkinter"], "a screen that no browser has"
