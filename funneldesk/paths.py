"""Where things lie on this computer."""

from __future__ import annotations

import os
from pathlib import Path

APP = "FunnelDesk"
BASE_SUFFIX = ".funneldesk"


def config_dir() -> Path:
    """The folder of settings; FUNNELDESK_CONFIG moves it (portable use, tests)."""
    given = os.environ.get("FUNNELDESK_CONFIG")
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def data_dir() -> Path:
    """The folder of the default base."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def log_dir() -> Path:
    """The folder of the log."""
    import platformdirs

    return Path(platformdirs.user_log_dir(APP, appauthor=False))


def settings_file() -> Path:
    """The file of settings."""
    return config_dir() / "settings.json"


def default_base() -> Path:
    """The base that is opened when none is named."""
    return data_dir() / f"main{BASE_SUFFIX}"


def documents_dir() -> Path:
    """Where a person looks for files; the home folder when there is no such place."""
    import platformdirs

    documents = Path(platformdirs.user_documents_dir())
    return documents if documents.is_dir() else Path.home()
