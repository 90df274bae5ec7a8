"""One look at the arguments: the window, the demo, or a command. Imports none of Qt, boto3 and keyring itself."""

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with `arguments` (those of the process when None) and return its exit code."""
    # There is no garbage in what is loaded now, and looking for it takes the window a tenth of the time until its first
    # paint, from which on `ui.app` looks again. A command is over before a look pays.
    gc.disable()
    from sts_desktop.core import i18n

    arguments = sys.argv[1:] if arguments is None else list(arguments)
    i18n.install(i18n.preferred_language())
    if arguments in ([], ["--hidden"]):
        return _run_window(hidden=bool(arguments))
    if arguments[0] == "--hidden":
        print(i18n._("sts-desktop: --hidden stands alone; it begins the window in the tray"), file=sys.stderr)  # noqa: T201
        return 2
    if arguments[0] == "--demo":
        return _run_demo(arguments[1:])
    return _run_command(arguments)


def _run_command(arguments: Sequence[str]) -> int:
    try:
        from sts_desktop.cli.main import run

        return run(arguments)
    finally:
        gc.freeze()  # Python itself looks once more when it ends, which takes `list` a tenth of its time
        gc.enable()


def _run_window(*, hidden: bool = False) -> int:
    from sts_desktop.core.services import open_services

    try:
        from sts_desktop.ui.app import run
    except ImportError as error:
        return _without_qt(error)
    return run(open_services(), hidden=hidden)


def _run_demo(arguments: Sequence[str]) -> int:
    try:
        from sts_desktop.demo.window import run
    except ImportError as error:
        return _without_qt(error)
    return run(arguments)


def _without_qt(error: ImportError) -> int:
    """Say which library of the system is missing; the commands work without it."""
    if not (error.name or "").startswith("PySide6") and ".so" not in str(error):
        raise error
    from sts_desktop.core.i18n import _

    text = _("sts-desktop: Qt cannot be loaded ({reason}); the README names the system packages it needs")
    print(text.format(reason=error), file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
