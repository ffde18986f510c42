"""Build, serve and set up Gradlet: `python build.py --help`. The work is done in `gradlet/`."""

import sys

try:
    from gradlet.cli import main
except ModuleNotFoundError as error:
    sys.exit(
        f"The Python package {error.name!r} is not installed. `make build` and `make serve` "
        "install what is needed; by hand: pip install --require-hashes -r requirements.lock"
    )

if __name__ == "__main__":
    sys.exit(main())
