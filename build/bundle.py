"""Build the program as one folder in dist/, with the decks beside it, and say how large it is."""

import lzma
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
SCRATCH = ROOT / ".cache" / "pyinstaller"  # PyInstaller's default is ./build, where recipes live
BUNDLE = DIST / "PlatformRulesTrainer"


def build() -> None:
    """Run the recipe; raises subprocess.CalledProcessError when PyInstaller fails."""
    shutil.rmtree(BUNDLE, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", str(ROOT / "build" / "trainer.spec")]
    folders = [
        "--distpath",
        str(DIST),
        "--workpath",
        str(SCRATCH),
        "--noconfirm",
        "--log-level=WARN",
    ]
    subprocess.run([*command, *folders], check=True, cwd=ROOT)
    # Beside the program, not inside: a teacher replaces or adds decks with the file manager.
    shutil.copytree(ROOT / "content", BUNDLE / "content")
    shutil.copy(ROOT / "README.md", BUNDLE / "README.md")


def unpacked_size() -> int:
    return sum(path.stat().st_size for path in BUNDLE.rglob("*") if path.is_file())


def pack() -> Path:
    """The folder as one compressed file, to carry to the labs."""
    if sys.platform == "win32":
        return Path(shutil.make_archive(str(BUNDLE), "zip", DIST, BUNDLE.name))
    target = BUNDLE.with_suffix(".tar.xz")
    with (
        lzma.open(target, "wb", preset=6) as compressed,
        tarfile.open(fileobj=compressed, mode="w|") as archive,
    ):
        archive.add(BUNDLE, BUNDLE.name)
    return target


def main() -> int:
    build()
    packed = pack()
    print(f"{BUNDLE.relative_to(ROOT)}: {unpacked_size() / 1e6:.0f} MB")
    print(f"{packed.relative_to(ROOT)}: {packed.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
