"""The peer: a page that does no more than every site of this kind must.

It loads Pyodide, numpy and pytest in a worker, in Pyodide's own way, and says when they are
imported. So it is a lower bound for them all. Its pytest is run as pytest comes.
"""

import json
from pathlib import Path

from gradlet.compression import compress
from gradlet.dist import Dist
from gradlet.setup.node import find_node
from gradlet.setup.python_runtime import RuntimeFile, ensure_runtime_files

RUNTIME = "runtime-bare/"  # by this name the server lets browsers keep it, as it does Gradlet's
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The bare page</title>
<link rel="icon" href="data:,">
<script type="module" src="assets/page-bare.js"></script>
</html>
"""

# In a file of its own, as the server's policy demands.
SCRIPT = """\
let worker;
function boot() {
  worker?.terminate();
  document.documentElement.dataset.runtime = "loading";
  worker = new Worker(new URL("worker-bare.js", import.meta.url), { type: "module" });
  worker.onmessage = () => { document.documentElement.dataset.runtime = "ready"; };
}
const run = (files) => new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage(files);
});
Object.assign(window, { boot, run });
boot();
"""

WORKER = """\
import { loadPyodide } from "../RUNTIMEpyodide.mjs";
const indexURL = new URL("../RUNTIME", import.meta.url).href;
const python = await loadPyodide({ indexURL, packages: ["numpy", "pytest"] });
python.runPython(`
import json, os, sys
import numpy, pytest

class Verdicts:
    def __init__(self):
        self.outcomes = {}
    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.outcomes[report.nodeid] = report.outcome

def run(files):
    for path, text in json.loads(files).items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    verdicts = Verdicts()
    pytest.main(["-p", "no:terminal", "-p", "no:cacheprovider", "/work/test_it.py"], [verdicts])
    return json.dumps(verdicts.outcomes)

OURS = {"reference", "solution", "test_it", "conftest"}
sys.path.insert(0, "/work")
`);
const run = python.globals.get("run");
onmessage = ({ data }) => postMessage(run(data));
postMessage("ready");
"""


def lay_out(root: Path, folder: Path) -> None:
    """Write the page into `folder`, with compressed copies as Gradlet's own files have."""
    dist = Dist(folder)
    dist.write("index.html", PAGE)
    dist.write("assets/page-bare.js", SCRIPT)
    dist.write("assets/worker-bare.js", WORKER.replace("RUNTIME", RUNTIME))
    lay_out_pyodide(root, dist, RUNTIME, ensure_runtime_files(root))
    compress(dist, find_node())
    dist.sweep()


def lay_out_pyodide(root: Path, dist: Dist, to: str, files: list[RuntimeFile]) -> None:
    """Write Pyodide's core and these packages below `to`, with a lock that names no others."""
    pyodide = root / "node_modules" / "pyodide"
    for name in CORE:
        dist.copy(to + name, pyodide / name)
    for file in files:
        dist.copy(to + file.file_name, file.path)
    info = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    packages = {
        file.name: {
            "name": file.name,
            "version": file.version,
            "file_name": file.file_name,
            "install_dir": "site",
            "sha256": file.sha256,
            "package_type": "package",
            "imports": list(file.imports),
            "depends": list(file.depends),
        }
        for file in files
    }
    dist.write(f"{to}pyodide-lock.json", json.dumps({"info": info, "packages": packages}))
