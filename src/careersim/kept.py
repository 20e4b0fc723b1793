"""Where things are kept between runs: settled towns and compiled kernels. Standard library only.

Numba recompiles a kernel when its own file changes, not when a function or constant that it took in from another file does.
Kernels take in what `careersim.chance`, `careersim.kernels` and `careersim.town` hold, so the folder of compiled kernels is
named by a digest of these: a change there compiles everything anew, a change in a submodel only that submodel.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

_PREFIX = "careersim-kernels-"


def cache_folder() -> Path:
    """Folder of what is kept: ``CAREERSIM_CACHE``, or ``careersim`` in the user's cache folder."""
    home = os.environ.get("CAREERSIM_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "careersim"
    )
    return Path(home)


def kernel_folder() -> Path:
    """Folder of compiled kernels for this code: in ``NUMBA_CACHE_DIR`` if it is set, else in `cache_folder`."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(given) if given else cache_folder()
    if home.name.startswith(_PREFIX):
        home = home.parent
    return home / (_PREFIX + _digest_of_what_kernels_share())


def keep_kernels() -> None:
    """Let Numba keep compiled kernels in `kernel_folder`, in this process and those it starts."""
    folder = str(kernel_folder())
    os.environ["NUMBA_CACHE_DIR"] = folder
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = folder


def _digest_of_what_kernels_share() -> str:
    root = Path(__file__).parent
    h = hashlib.blake2b(digest_size=8)
    for file in (root / "chance.py", root / "kernels.py", *sorted((root / "town").glob("*.py"))):
        h.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return h.hexdigest()
