"""What a window may ask of the program; what leaves the base asks first whether it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneldesk.ui.leaving import asking
from funneldesk.ui.shell import HostCommands

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from funneldesk.ui.host import Host


def host_commands(host: Host, app: QApplication) -> HostCommands:
    """The commands of a window of `host`."""
    return HostCommands(
        open_base=asking(host, host.open_base),
        choose_base=asking(host, lambda: host.choose_base(None)),
        new_base=asking(host, host.new_base),
        open_sample=asking(host, host.open_sample),
        welcome=asking(host, host.locksmith.leave),
        rebuild=host.rebuild,
        retry_writing=host.retry_writing,
        restore=asking(host, host.doctor.restore),
        mend=asking(host, host.doctor.mend),
        password=host.locksmith.work,
        quit=app.closeAllWindows,
    )
