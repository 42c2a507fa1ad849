"""Build the program as one folder in dist/, with the decks beside it, and say how large it is.

python build/bundle.py [--dist DIR] [--no-pack]
"""

import argparse
import lzma
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / ".cache" / "pyinstaller"  # PyInstaller's default is ./build, where recipes live
NAME = "PlatformRulesTrainer"


def build(dist: Path) -> Path:
    """Run the recipe; raises subprocess.CalledProcessError when PyInstaller fails."""
    bundle = dist / NAME
    shutil.rmtree(bundle, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", str(ROOT / "build" / "trainer.spec")]
    folders = [
        "--distpath",
        str(dist),
        "--workpath",
        str(SCRATCH),
        "--noconfirm",
        "--log-level=WARN",
    ]
    subprocess.run([*command, *folders], check=True, cwd=ROOT)
    # Beside the program, not inside: a teacher replaces or adds decks with the file manager.
    shutil.copytree(ROOT / "content", bundle / "content")
    shutil.copy(ROOT / "README.md", bundle / "README.md")
    return bundle


def unpacked_size(bundle: Path) -> int:
    return sum(
        path.stat().st_size
        for path in bundle.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def pack(bundle: Path) -> Path:
    """The folder as one compressed file, to carry to the labs."""
    if sys.platform == "win32":
        return Path(shutil.make_archive(str(bundle), "zip", bundle.parent, bundle.name))
    target = bundle.with_suffix(".tar.xz")
    with (
        lzma.open(target, "wb", preset=9) as compressed,
        tarfile.open(fileobj=compressed, mode="w|") as archive,
    ):
        archive.add(bundle, bundle.name)
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    parser.add_argument("--no-pack", action="store_true", help="leave it a folder")
    arguments = parser.parse_args()
    bundle = build(arguments.dist.absolute())
    print(f"{bundle}: {unpacked_size(bundle) / 1e6:.0f} MB")
    if not arguments.no_pack:
        packed = pack(bundle)
        print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
