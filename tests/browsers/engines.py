"""Three browsers, told what to do in one way. Chromium and Firefox are driven by Puppeteer
(WebDriver BiDi in Firefox), WebKit by its own WebDriver; all without a window to be seen."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import httpx

from gradlet.setup import SetupError
from gradlet.setup.browser import ensure_browser, launch_flags
from gradlet.setup.node import find_node
from gradlet.setup.progress import say

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("driver.mjs")
PATIENCE = 120  # seconds
PACKAGES = {"firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb")}


class Engine(Protocol):
    """A browser with one page."""

    version: str

    def open(self, url: str) -> None: ...

    def evaluate(self, script: str) -> Any:
        """What an expression of JavaScript gives; a promise is waited for."""
        ...


@contextmanager
def started(name: str) -> Iterator[Engine]:
    """`chromium`, `firefox` or `webkit`, with an empty profile.

    Raises:
        SetupError: it is not there and cannot be installed.
    """
    if name == "chromium":
        with _puppeteer("chrome", ensure_browser(), *launch_flags()) as engine:
            yield engine
    elif name == "firefox":
        with _puppeteer("firefox", _program(name, "firefox-esr")) as engine:
            yield engine
    else:
        with _webkit(_program(name, "WebKitWebDriver"), _program(name, "Xvfb")) as engine:
            yield engine


def _program(engine: str, name: str) -> Path:
    """A program of this machine, after installing Debian's package of it if need be."""
    packages = PACKAGES[engine]
    if not shutil.which(name) and shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing {' and '.join(packages)}")
        subprocess.run(["apt-get", "update"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages], check=False
        )
    if found := shutil.which(name):
        return Path(found)
    raise SetupError(
        f"The tests in {engine} need {name}, which is not on this machine. On Debian, as root: "
        f"apt-get install {' '.join(packages)}"
    )


# -- Chromium and Firefox


@dataclass
class _Puppeteer:
    stdin: IO[str]
    stdout: IO[str]
    version: str = ""

    def open(self, url: str) -> None:
        self._ask({"open": url})

    def evaluate(self, script: str) -> Any:
        return self._ask({"evaluate": script})

    def _ask(self, request: dict[str, str]) -> Any:
        self.stdin.write(json.dumps(request) + "\n")
        self.stdin.flush()
        return self.answer()

    def answer(self) -> Any:
        line = self.stdout.readline()
        if not line:
            raise RuntimeError("the browser's driver ended; its own words are above")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]


@contextmanager
def _puppeteer(browser: str, program: Path, *flags: str) -> Iterator[Engine]:
    command = [str(find_node()), str(DRIVER), browser, str(program), *flags]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        engine = _Puppeteer(process.stdin, process.stdout)
        try:
            engine.version = engine.answer()
            yield engine
        finally:
            process.stdin.close()  # the driver closes the browser and ends
            process.wait(PATIENCE)


# -- WebKit


@dataclass
class _WebKit:
    session: httpx.Client
    version: str

    def open(self, url: str) -> None:
        self._ask("url", {"url": url})

    def evaluate(self, script: str) -> Any:
        return self._ask("execute/sync", {"script": f"return {script}", "args": []})

    def _ask(self, command: str, body: dict[str, Any]) -> Any:
        answer = self.session.post(command, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise RuntimeError(f"{value['error']}: {value['message']}")
        return value


@contextmanager
def _webkit(driver: Path, xvfb: Path) -> Iterator[Engine]:
    with ExitStack() as stack:
        read, write = os.pipe()
        _running(stack, [str(xvfb), "-displayfd", str(write)], pass_fds=(write,))
        display = os.read(read, 20).decode().strip()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        _running(
            stack, [str(driver), f"--port={port}"], env={**os.environ, "DISPLAY": f":{display}"}
        )
        client = stack.enter_context(
            httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=PATIENCE)
        )
        _wait_for(client)
        mini = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
        if not mini:
            raise SetupError("WebKit's MiniBrowser is missing: apt-get install webkit2gtk-driver")
        options = {"binary": str(mini[-1]), "args": ["--automation"]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        wanted["timeouts"] = {"script": PATIENCE * 1000}
        answer = client.post("session", json={"capabilities": {"alwaysMatch": wanted}}).json()
        told = answer["value"]
        if "sessionId" not in told:
            raise RuntimeError(f"WebKit did not start: {told}")
        session = f"{client.base_url}session/{told['sessionId']}/"
        stack.callback(client.delete, session.rstrip("/"))
        version = f"WebKitGTK {told['capabilities']['browserVersion']}"
        yield _WebKit(
            stack.enter_context(httpx.Client(base_url=session, timeout=PATIENCE)), version
        )


def _running(stack: ExitStack, command: list[str], **options: Any) -> None:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    stack.callback(process.wait, PATIENCE)
    stack.callback(process.terminate)


def _wait_for(client: httpx.Client) -> None:
    for _ in range(100):
        try:
            client.get("status")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("WebKitWebDriver did not start within 10 seconds")
