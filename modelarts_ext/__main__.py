"""`python -m modelarts_ext` is the command `modelarts`."""

from modelarts_ext.cli import main

if __name__ == "__main__":
    main()
