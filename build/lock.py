"""Renew requirements/*.txt from pyproject.toml: versions with hashes for every system and Python.

uv resolves for Linux and Windows at once; it is fetched for this run only and names no index.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--quiet",
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        compile_command = [python, "-m", "uv", "pip", "compile", *OPTIONS, "pyproject.toml"]
        for arguments in (
            ["-o", "requirements/run.txt"],
            ["--extra", "dev", "-c", "requirements/run.txt", "-o", "requirements/dev.txt"],
        ):
            subprocess.run([*compile_command, *arguments], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
