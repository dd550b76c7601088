"""`python -m benchmarks [NAME...] [--size N]`: runs all of them, or these. Each module has a `main()` that prints.

Some take a size, a number of files; without one they are short.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import sys

import benchmarks


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--size", type=int, metavar="N", help="number of files, where a benchmark takes one")
    options = parser.parse_args(arguments)
    wanted: list[str] = options.names
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 64
    for name in wanted or names():
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            print(f"\n== {name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
            sized = options.size is not None and "size" in inspect.signature(module.main).parameters
            module.main(*([options.size] if sized else []))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
