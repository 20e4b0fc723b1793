"""``python -m careersim``: the same as the command ``careersim``."""

from careersim.cli import main

if __name__ == "__main__":
    main()
