"""A window with nothing behind it: `bare.py label` (the unit Q) or `bare.py window`, as large as a small program's."""

import sys

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QTableWidget, QTableWidgetItem
from telling import cpu_seconds, now_ns, peak_kib, tell

ROWS, COLUMNS = 20, 5
SETTLE_MS = 500


class Label(QLabel):
    """A label that notices its first paint as our window does."""

    painted = Signal()

    def event(self, event: QEvent) -> bool:
        """Notice the first paint."""
        served = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            self.painted.emit()
        return served


class Window(QMainWindow):
    """A table, a tool bar, a status bar."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        table = QTableWidget(ROWS, COLUMNS)
        for row in range(ROWS):
            for column in range(COLUMNS):
                table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
        self.setCentralWidget(table)
        self.addToolBar("tools").addAction("New")
        self.statusBar().showMessage("ready")
        self.resize(960, 640)

    def event(self, event: QEvent) -> bool:
        """Notice the first paint."""
        served = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            self.painted.emit()
        return served


def main() -> None:
    """Show it, and tell when it was painted; with a number of seconds, also what it uses while nothing happens."""
    kind, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0
    application = QApplication(sys.argv[:1])
    window: Label | Window = Label("A window") if kind == "label" else Window()
    told: dict[str, object] = {}

    def note() -> None:
        told.setdefault("painted_ns", now_ns())
        QTimer.singleShot(SETTLE_MS if kind == "window" else 0, settled)

    def settled() -> None:
        if "began" not in told:
            told["peak_kib"], told["began"] = peak_kib(), cpu_seconds()
            QTimer.singleShot(round(seconds * 1000), application.quit)

    window.painted.connect(note)
    window.show()
    application.exec()
    tell(
        painted_ns=told["painted_ns"], peak_kib=told["peak_kib"], cpu_seconds=cpu_seconds() - float(str(told["began"]))
    )


main()
